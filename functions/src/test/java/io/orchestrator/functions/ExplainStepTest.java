package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looking back at an execution from one of its steps. */
class ExplainStepTest {
  private static TestStack stack;
  private static String execution;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    String flow =
        stack.publish(
            """
            flow: looked-back-at
            vars: {n: 1}
            define:
              noted: {adapter: sandbox, action: echo, params: {text: $with.text}}
            steps:
              - count: {set: {n: $vars.n + 1}}
              - each:
                  foreach: $input.orders
                  as: order
                  do:
                    - note: {use: noted, with: {text: "${ $order.id }!"}}
                    - small: {when: $order.total > 100, set: {large: $order.id}}
              - fails:
                  raise: {type: out_of_stock, message: nothing left}
                  on_error: {steps: [{told: {adapter: sandbox, action: echo, params: {why: $error.type}}}], then: continue}
              - mapped: {adapter: sandbox, action: echo, params: {n: 3}, output: $result.n + 1}
              - again: {set: {n: 100}}
            """);
    execution =
        stack.execute(
            flow,
            "{\"input\": {\"orders\": [{\"id\": \"x\", \"total\": 50}, {\"id\": \"y\", \"total\":"
                + " 500}]}}");
    stack.settle();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Answer explain(String step, String expression) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("expression", expression);
    body.put("step", step);
    return stack.call(
        stack.token("flow:read"),
        "POST",
        "/executions/" + execution + "/explain",
        Json.write(body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          each[0]/small | $order.total > 100     | false
          each[1]/small | $order.total > 100     | true
          each[1]/note  | $item.id               | "y"
          each[1]/note  | $index                 | 1
          each[0]/note  | $with.text             | "x!"
          each[0]/note  | $result.text           | "x!"
          each[1]/small | $note.text             | "y!"
          count         | $vars.n + 1            | 2
          mapped        | $vars.n                | 2
          fails/told    | $error.message         | "nothing left"
          told          | $error.type            | "out_of_stock"
          fails         | $error.step            | "fails"
          fails/told    | $result.why            | "out_of_stock"
          mapped        | $input.orders[1].total | 500
          """)
  void a_step_sees_what_it_saw_then(String step, String expression, String value) {
    Answer answer = explain(step, expression);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Json.write(answer.json().get("value"))).isEqualTo(value);
  }

  @Test
  void from_the_flow_everything_is_as_it_is_at_the_end() {
    Answer answer =
        stack.call(
            stack.token("flow:read"),
            "POST",
            "/executions/" + execution + "/explain",
            "{\"expression\": \"$vars.n\"}");
    assertThat(answer.json()).containsEntry("value", 100L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          each/note     | say which iteration, counted from 0: each[0]/note
          note          | say which iteration, counted from 0: each[0]/note
          each[0]/notes | did you mean 'each/note'?
          count[1]      | ''
          """)
  void a_step_that_is_not_there_is_told(String step, String hint) {
    Answer answer = explain(step, "1");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("unknown_step");
    if (!hint.isEmpty()) {
      assertThat(errors(answer).getFirst().get("hint")).asString().contains(hint);
    }
  }

  @Test
  void a_root_that_the_step_has_not_is_told_and_so_is_a_result_that_was_not_kept() {
    assertThat(explain("count", "$item").code()).isEqualTo("unknown_reference");
    assertThat(explain("mapped", "$result").code()).isEqualTo("unknown_reference");
    assertThat(explain("each[5]/note", "$item").json()).containsEntry("value", null);
  }

  @SuppressWarnings("unchecked") // a list of objects, by the API's own shape
  private static List<Map<String, Object>> errors(Answer answer) {
    return (List<Map<String, Object>>) answer.json().get("errors");
  }
}
