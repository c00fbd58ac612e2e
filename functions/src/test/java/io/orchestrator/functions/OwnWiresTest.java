package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Flows over the types of adapters that say more over the wire than a definition can. */
class OwnWiresTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack =
        new TestStack(
            Map.of(
                "EGRESS_ALLOW", "127.0.0.0/8",
                "ORCHESTRATOR_SECRET_MODEL_KEY", "sk-test-1234"));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static void adapter(String name, String yaml) {
    Answer answer =
        stack.call(
            stack.admin(), "PUT", "/adapters/" + name, yaml, "content-type", "application/yaml");
    assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
  }

  private static Map<String, Object> ended(String id) {
    stack.settle();
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  /** One whose calls are quick, so that one function makes them. */
  private static String model(String name, int port) {
    return """
    adapter: %s
    type: ai
    timeout: 5s
    base_url: http://127.0.0.1:%d/v1
    allow: ["127.0.0.1:%d"]
    auth: {bearer: {secret: model_key}}
    model: small
    prices: {small: {input: 1000000, output: 2000000}}
    categories: [billing, other]
    """
        .formatted(name, port, port);
  }

  private static Partner.Answer says(String content) {
    return new Partner.Answer(
        200,
        """
        {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "%s"}}],
         "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}}
        """
            .formatted(content.replace("\"", "\\\"")));
  }

  @Test
  void the_routing_example_asks_a_model_and_takes_its_branch() {
    try (Partner partner = new Partner(call -> says("{\"category\": \"billing\"}"))) {
      adapter("ai", model("ai", partner.port()));
      String flow =
          stack.publish(
              """
              flow: routed-by-model
              steps:
                - classify_issue:
                    adapter: ai
                - conditional:
                    if: $classify_issue.category == 'billing'
                    then: [route_to_finance]
                    else: [route_to_support]
              output: {category: $classify_issue.category, cost: $classify_issue.usage.cost}
              """);
      Map<String, Object> execution =
          ended(stack.execute(flow, "{\"input\": {\"text\": \"my invoice\"}}"));
      assertThat(execution).containsEntry("status", "completed");
      assertThat(execution.get("output")).isEqualTo(Map.of("category", "billing", "cost", 5L));
      assertThat(partner.calls().getFirst().path()).isEqualTo("/v1/chat/completions");
      assertThat(partner.calls().getFirst().headers())
          .containsEntry("authorization", "Bearer sk-test-1234");
    }
  }

  @Test
  void what_a_useless_answer_has_cost_counts_for_the_budget() {
    try (Partner partner = new Partner(call -> says("billing, I guess"))) {
      adapter("dear", model("dear", partner.port()));
      String flow =
          stack.publish(
              """
              flow: dear-model
              budget: {cost: 5}
              steps:
                - classify: {adapter: dear, retry: {attempts: 9, backoff: [1ms], jitter: none}}
              """);
      Map<String, Object> execution = ended(stack.execute(flow, "{\"input\": {\"text\": \"x\"}}"));
      assertThat(partner.calls()).hasSize(1);
      assertThat(Template.map(execution.get("error"))).containsEntry("type", "budget_exceeded");
    }
  }

  @Test
  void a_definition_of_a_model_is_checked_when_it_is_stored() {
    Answer answer =
        stack.call(
            stack.admin(),
            "PUT",
            "/adapters/wrong",
            "adapter: wrong\ntype: llm\nprovider: oracle\nprices: {m: {input: 1}}\n",
            "content-type",
            "application/yaml");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("openai, anthropic or bedrock");
  }

  @Test
  void a_workflow_that_calls_back_with_a_failure_is_an_error_of_n8n() {
    try (Partner partner = new Partner(call -> new Partner.Answer(200, "{}"))) {
      adapter(
          "automation",
          """
          adapter: automation
          type: n8n
          base_url: http://127.0.0.1:%d
          allow: ["127.0.0.1:%d"]
          """
              .formatted(partner.port(), partner.port()));
      String flow =
          stack.publish(
              """
              flow: sold-out
              steps:
                - ask:
                    adapter: automation
                    params: {path: sell, item: 7}
                    await: {callback: true}
                    on_error:
                      - catch: n8n.out_of_stock
                        steps: [{note: {set: {why: $error.message}}}]
                        then: continue
              output: $vars.why
              """);
      String id = stack.execute(flow, "{}");
      stack.settle();
      String url = (String) partner.calls().getFirst().json().get("callbackUrl");
      assertThat(url).startsWith("http://localhost:8080/callbacks/");
      assertThat(
              stack
                  .post(
                      false,
                      null,
                      url.substring("http://localhost:8080".length()) + "?outcome=error",
                      "{\"type\": \"out_of_stock\", \"message\": \"none left\"}")
                  .status())
          .isEqualTo(200);
      assertThat(ended(id))
          .containsEntry("status", "completed")
          .containsEntry("output", "none left");
    }
  }
}
