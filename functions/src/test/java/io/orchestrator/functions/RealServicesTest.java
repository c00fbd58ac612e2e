package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The customer-support example, byte for byte as the language fixes it, on real services. */
class RealServicesTest {
  private static RealServices real;

  @BeforeAll
  static void start() throws Exception {
    real = new RealServices();
    real.stack.publish(RealServices.example("customer-support/flow.yaml"));
  }

  @AfterAll
  static void stop() {
    real.close();
  }

  @BeforeEach
  void begin() {
    real.begin();
  }

  private static String hooked(String body) {
    Answer started =
        real.stack.post(
            true, real.stack.token("flow:execute"), "/hooks/acme/customer-support", body);
    assertThat(started.status()).as(started.body()).isEqualTo(202);
    real.stack.settle();
    return (String) started.json().get("id");
  }

  @Test
  void a_request_with_a_good_token_becomes_a_call() throws JOSEException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("token", real.token("user-7", "shop"));
    body.put("from_number", "+14157774444");
    body.put("to_number", "+12137774445");
    Map<String, Object> ended = real.execution(hooked(Json.write(body)));
    assertThat(ended).containsEntry("status", "completed");
    assertThat(ended.get("output")).extracting("call_id").isEqualTo("call_7");
    assertThat(real.prompts.asked())
        .allSatisfy(
            asked -> {
              assertThat(asked.method()).isEqualTo("GET");
              assertThat(asked.path()).isEqualTo("/templates/support-agent-v1");
              assertThat(asked.headers()).containsEntry("authorization", "Bearer prompts-1");
            });
    Asked call = real.retell.last();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/v2/create-phone-call");
    assertThat(call.headers()).containsEntry("authorization", "Bearer " + RealServices.RETELL_KEY);
    assertThat(call.body()).doesNotContain((String) body.get("token"));
    assertThat(call.json()).extracting("to_number").isEqualTo("+12137774445");
  }

  @Test
  void nobody_is_called_for_a_token_that_is_not_good() throws JOSEException {
    Map<String, Object> ended =
        real.execution(
            hooked(
                "{\"token\": \"" + real.token("user-7", "bank") + "\", \"to_number\": \"+1213\"}"));
    assertThat(ended).containsEntry("status", "failed");
    assertThat(ended.get("error"))
        .extracting("type", "message", "adapter")
        .containsExactly("authentication", "the token is for another audience", "iam");
    assertThat(real.retell.asked()).isEmpty();
  }

  @Test
  void a_flow_that_asks_a_service_for_what_it_cannot_do_is_not_published() {
    String flow =
        """
        flow: misspelt
        steps:
          - ring: {adapter: retell, action: start_cal}
          - who: {adapter: iam, params: {tokn: abc}}
        """;
    Answer refused =
        real.stack.call(
            real.stack.admin(), "POST", "/flows", flow, "content-type", "application/yaml");
    assertThat(refused.json().get("errors"))
        .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
        .filteredOn(problem -> !"unreachable_step".equals(problem.get("code")))
        .extracting(problem -> problem.get("code") + " " + problem.get("hint"))
        .containsExactly(
            "unknown_action did you mean 'start_call'?", "bad_params did you mean 'tokn'?");
  }
}
