package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.LanguageSchema;
import io.orchestrator.functions.TestStack.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Looking back at an execution with an expression, and the schema that editors fetch. */
class ExplainAndSchemaTest {
  private static TestStack stack;
  private static String execution;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    String flow =
        stack.publish(
            """
            flow: explained
            steps:
              - charge: {adapter: sandbox, action: echo, params: {total: 12.5, paid: true}}
            """);
    execution = stack.execute(flow, "{\"input\": {\"tags\": [\"a\", \"b\"]}}");
    stack.settle();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Answer explain(String id, String expression) {
    String body = Json.write(Map.of("expression", expression));
    return stack.call(stack.token("flow:read"), "POST", "/executions/" + id + "/explain", body);
  }

  @Test
  void every_part_of_an_expression_is_told_with_its_value() {
    Answer answer = explain(execution, "$charge.total * 2 > 20 and $charge.paid");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json()).containsEntry("value", true);
    assertThat(parts(answer).get(2))
        .containsEntry("text", "$charge.total * 2")
        .containsEntry("start", 0L)
        .containsEntry("depth", 2L)
        .containsEntry("value", new java.math.BigDecimal("25.0"));
  }

  @Test
  void a_fault_is_a_part_of_the_answer() {
    Answer answer = explain(execution, "$input.tags + 1");
    assertThat(answer.status()).isEqualTo(200);
    assertThat((String) answer.json().get("error")).contains("`$input.tags` is an array");
    assertThat(parts(explain(execution, "false and $charge.paid")).getLast())
        .containsEntry("evaluated", false);
  }

  @Test
  void what_cannot_be_explained_is_told_with_its_column() {
    Answer broken = explain(execution, "1 +");
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.code()).isEqualTo("expression");
    Answer unknown = explain(execution, "1 + $chrage.total");
    assertThat(unknown.code()).isEqualTo("unknown_reference");
    assertThat(errors(unknown).getFirst())
        .containsEntry("column", 5L)
        .containsEntry("hint", "did you mean 'charge'?");
    assertThat(explain(UUID.randomUUID().toString(), "1").status()).isEqualTo(404);
  }

  @Test
  void the_schema_of_the_language_is_there_for_everybody() {
    Answer answer = stack.call(null, "GET", "/schemas/flow.json", null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("content-type", "application/schema+json");
    assertThat(answer.body()).isEqualTo(Json.write(LanguageSchema.data()));
  }

  @SuppressWarnings("unchecked") // a list of objects, by the API's own shape
  private static List<Map<String, Object>> parts(Answer answer) {
    return (List<Map<String, Object>>) answer.json().get("parts");
  }

  @SuppressWarnings("unchecked") // a list of objects, by the API's own shape
  private static List<Map<String, Object>> errors(Answer answer) {
    return (List<Map<String, Object>>) answer.json().get("errors");
  }

  @Test
  void an_expression_that_names_nothing_is_explained_too() {
    stack.publish("flow: bare\nsteps:\n  - w: {await: {signal: go}}\n");
    String bare = stack.execute("bare", "{}");
    for (String expression : List.of("1", "1 + 2", "'a'", "true", "now() > now()")) {
      TestStack.Answer answer =
          stack.call(
              stack.admin(),
              "POST",
              "/executions/" + bare + "/explain",
              Json.write(Map.of("expression", expression)));
      assertThat(answer.status()).as(expression + ": " + answer.body()).isEqualTo(200);
      assertThat(answer.json()).containsEntry("expression", expression);
    }
  }
}
