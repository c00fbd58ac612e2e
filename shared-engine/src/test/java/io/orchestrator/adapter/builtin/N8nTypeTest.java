package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What n8n answers at its production webhooks and its public API (https://docs.n8n.io/api/). */
class N8nTypeTest {
  private Bound n8n;

  @BeforeEach
  void bind() throws IOException {
    n8n =
        new Bound(
            """
            adapter: automation
            type: n8n
            headers: {X-Hook-Key: {secret: hook_key}}
            actions:
              onboard: {input: {email: string}, body: {path: onboard/new, body: {mail: $params.email}}}
            """);
  }

  @AfterEach
  void close() throws IOException {
    n8n.close();
  }

  @Test
  void a_workflow_is_run_by_its_production_webhook_and_never_sees_the_key() {
    n8n.server.answers(Told.json(200, "{'total': 42}"));
    assertThat(n8n.result(null, "{'path': 'orders', 'body': {'id': 7}}"))
        .isEqualTo(Map.of("total", 42L));
    Asked asked = n8n.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/webhook/orders");
    assertThat(asked.json()).isEqualTo(Map.of("id", 7L));
    assertThat(asked.headers())
        .containsEntry("x-hook-key", "the-hook_key")
        .doesNotContainKey("x-n8n-api-key");
  }

  @Test
  void an_action_of_ones_own_names_its_workflow() {
    n8n.server.answers(Told.json(200, "[]"));
    n8n.result("onboard", "{'email': 'ada@example.com'}");
    assertThat(n8n.server.last().path()).isEqualTo("/webhook/onboard/new");
    assertThat(n8n.server.last().json()).isEqualTo(Map.of("mail", "ada@example.com"));
  }

  @Test
  void an_awaiting_step_sends_where_to_call_back() {
    n8n.server.answers(Told.json(200, "{'message': 'Workflow was started'}"));
    String url = "http://localhost:8080/callbacks/token-1";
    Answer answer =
        n8n.call(
            Calling.call("automation", "run", "{'path': 'slow', 'id': 7, 'mode': 'wait'}")
                .awaiting(url));
    assertThat(answer).isEqualTo(new Answer.Later(Map.of("message", "Workflow was started")));
    assertThat(n8n.server.last().json()).isEqualTo(Map.of("id", 7L, "callbackUrl", url));
  }

  @Test
  void a_mode_that_the_step_does_not_fit_is_refused() {
    assertThat(n8n.failure("run", "{'path': 'slow', 'mode': 'wait'}").message())
        .contains("needs await");
    Answer both =
        n8n.call(
            Calling.call("automation", "run", "{'path': 'slow', 'mode': 'sync'}")
                .awaiting("http://localhost/cb"));
    assertThat(((Answer.Refused) both).failure().message()).contains("must not have an await");
    assertThat(n8n.failure("run", "{'path': '../rest/users'}").type()).isEqualTo("validation");
    assertThat(n8n.server.asked()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          500 | {'message': 'Error in workflow'}                                      | n8n.500          | true
          404 | {'code': 404, 'message': 'The requested webhook is not registered.'}   | n8n.404          | false
          422 | {'code': 'out_of_stock', 'message': 'none left'}                       | n8n.out_of_stock | false
          500 | {'error': {'code': 'CRM_DOWN', 'message': 'x'}}                        | n8n.crm_down     | true
          400 | {'code': 'again', 'retryable': true}                                   | n8n.again        | true
          418 | {}                                                                     | n8n.418          | false
          401 | {}                                                                     | authentication   | false
          429 | {}                                                                     | rate_limited     | true
          503 | {}                                                                     | adapter_unavailable | true
          """)
  void errors_are_those_of_n8n(int status, String body, String type, boolean retryable) {
    n8n.server.answers(Told.json(status, body));
    Failure failure = n8n.failure("run", "{'path': 'orders'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.adapter()).isEqualTo("automation");
  }

  @Test
  void executions_are_looked_at_repeated_and_stopped_by_the_public_api() {
    n8n.server.answers(
        Told.json(200, "{'id': 1000, 'status': 'error', 'mode': 'webhook', 'finished': false}"));
    assertThat(n8n.map("status", "{'execution_id': 1000}")).containsEntry("status", "error");
    Asked status = n8n.server.last();
    assertThat(status.method()).isEqualTo("GET");
    assertThat(status.path()).isEqualTo("/api/v1/executions/1000");
    assertThat(status.query()).isEqualTo("includeData=false");
    assertThat(status.headers()).containsEntry("x-n8n-api-key", "the-n8n_api_key");
    n8n.result("retry", "{'execution_id': '1000', 'load_workflow': false}");
    assertThat(n8n.server.last().path()).isEqualTo("/api/v1/executions/1000/retry");
    assertThat(n8n.server.last().json()).isEqualTo(Map.of("loadWorkflow", false));
    n8n.result("stop", "{'execution_id': 1000}");
    assertThat(n8n.server.last().path()).isEqualTo("/api/v1/executions/1000/stop");
    n8n.server.answers(Told.json(404, "{'message': 'Not Found'}"));
    assertThat(n8n.failure("status", "{'execution_id': 1}").type()).isEqualTo("not_found");
  }
}
