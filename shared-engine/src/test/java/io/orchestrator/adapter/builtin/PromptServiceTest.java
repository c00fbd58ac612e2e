package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromptServiceTest {
  private static final String TEMPLATE =
      "{'templateId': 'support-agent-v1', 'version': 3, 'text': 'Be kind.'}";

  private Bound prompts;

  @BeforeEach
  void bind() throws IOException {
    prompts = new Bound("{adapter: prompt_service, type: prompt_service}");
    prompts.server.answers(Told.json(200, TEMPLATE));
  }

  @AfterEach
  void close() {
    prompts.close();
  }

  private void get(String params) {
    assertThat(prompts.result("get_template", params)).isEqualTo(Calling.data(TEMPLATE));
  }

  @Test
  void a_template_is_asked_for_by_its_id() {
    assertThat(prompts.result(null, "{'templateId': 'support-agent-v1'}"))
        .isEqualTo(Calling.data(TEMPLATE));
    Asked asked = prompts.server.last();
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.path()).isEqualTo("/templates/support-agent-v1");
    assertThat(asked.query()).isNull();
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer the-prompt_service_key")
        .containsEntry("accept", "application/json");
    assertThat(asked.body()).isEmpty();
  }

  @Test
  void a_version_is_asked_for_in_the_query() {
    get("{'templateId': 'a', 'version': 3, 'name': 'Ada'}");
    assertThat(prompts.server.last().query()).isEqualTo("version=3");
  }

  @Test
  void what_was_answered_is_good_for_five_minutes() {
    get("{'templateId': 'a'}");
    prompts.after(Duration.ofMinutes(4).plusSeconds(59));
    get("{'templateId': 'a'}");
    assertThat(prompts.server.asked()).hasSize(1);
    prompts.after(Duration.ofSeconds(1));
    get("{'templateId': 'a'}");
    assertThat(prompts.server.asked()).hasSize(2);
  }

  @Test
  void another_template_or_version_is_another_question() {
    get("{'templateId': 'a'}");
    get("{'templateId': 'b'}");
    get("{'templateId': 'a', 'version': 2}");
    assertThat(prompts.server.asked()).hasSize(3);
  }

  @Test
  void a_failure_is_not_kept() {
    prompts.server.answers(Told.json(404, "{'error': 'no such template'}"));
    assertThat(prompts.failure("get_template", "{'templateId': 'a'}").type())
        .isEqualTo("not_found");
    prompts.server.answers(Told.json(503, "{}"));
    assertThat(prompts.failure("get_template", "{'templateId': 'a'}"))
        .extracting(Failure::type, Failure::retryable)
        .containsExactly("adapter_unavailable", true);
    prompts.server.answers(Told.json(200, TEMPLATE));
    get("{'templateId': 'a'}");
    assertThat(prompts.server.asked()).hasSize(3);
  }

  @Test
  void a_service_of_another_shape_is_said_in_the_definition() throws IOException {
    try (Bound other =
        new Bound(
            """
            adapter: prompts
            type: prompt_service
            auth: {header: {name: X-Api-Key, value: {secret: prompts}}}
            actions:
              get_template:
                path: /api/prompts/{templateId}/versions/{version}
                query: {format: "text"}
                output: {text: $response.body.data.content, templateId: $params.templateId}
              save:
                method: PUT
                path: /api/prompts/{templateId}
            """)) {
      other.server.answers(Told.json(200, "{'data': {'content': 'Be kind.'}}"));
      assertThat(other.result("get_template", "{'templateId': 'a', 'version': 'v1'}"))
          .isEqualTo(Map.of("text", "Be kind.", "templateId", "a"));
      assertThat(other.server.last().path()).isEqualTo("/api/prompts/a/versions/v1");
      assertThat(other.server.last().query()).isEqualTo("format=text");
      assertThat(other.server.last().headers()).containsEntry("x-api-key", "the-prompts");
      other.result("save", "{'templateId': 'a', 'text': 'Be kinder.'}");
      other.result("save", "{'templateId': 'a', 'text': 'Be kinder.'}");
      assertThat(other.server.asked()).hasSize(3);
    }
  }

  @Test
  void a_secret_that_came_back_is_not_kept_in_clear() {
    prompts.server.answers(Told.json(200, "{'echo': 'you sent the-lost'}"));
    Map<String, Object> params = Map.of("templateId", "a", "version", new Secret("lost"));
    for (int i = 0; i < 2; i++) {
      assertThat(prompts.call("get_template", params))
          .hasToString("Done[result={echo=you sent ***}, servedBy=prompt_service]");
    }
    assertThat(prompts.server.asked()).hasSize(1);
  }
}
