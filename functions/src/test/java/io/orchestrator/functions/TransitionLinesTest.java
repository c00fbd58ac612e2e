package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Every transition is one line of the log, and every such line is a transition. */
class TransitionLinesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static List<String> history(TestStack stack) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = stack.database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select execution, revision, event, step, attempt from transitions order by 1,"
                    + " 2")) {
      while (row.next()) {
        rows.add(
            said(
                row.getString("execution"),
                row.getInt("revision"),
                row.getString("event"),
                row.getString("step"),
                row.getInt("attempt")));
      }
    }
    return rows;
  }

  private static String said(
      Object execution, Object revision, Object event, Object step, Object attempt) {
    return execution
        + " "
        + revision
        + " "
        + event
        + " "
        + Objects.toString(step, "")
        + " "
        + attempt;
  }

  @Test
  void the_lines_of_a_run_are_the_rows_of_its_history_one_to_one() throws Exception {
    try (JsonLines log = new JsonLines();
        TestStack stack = new TestStack()) {
      stack.publish(
          """
          flow: told
          input: {people: [string]}
          timeout: 1h
          steps:
            - flaky: {adapter: sandbox, params: {$sandbox: {fail: {type: busy, retryable: true, times: 1}}}, retry: {attempts: 3, delay: 5ms}}
            - broken:
                adapter: sandbox
                params: {$sandbox: {fail: {type: odd}}}
                on_error: {then: continue, steps: [{seen: {set: {why: $error.type}}}]}
            - each: {foreach: $input.people, do: [{mail: {adapter: sandbox, params: {to: $item}}}]}
            - both: {parallel: [{left: {adapter: sandbox}}, {right: {set: {x: 1}}}]}
            - choice: {if: "$input.people == []", then: [{never: {set: {x: 1}}}], else: [{ever: {set: {x: 2}}}]}
            - reply: {await: {signal: reply}}
            - ask: {approve: {title: Really?, timeout: 1h}}
          """);
      Answer started =
          stack.call(
              stack.admin(),
              "POST",
              "/flows/told/execute",
              "{\"input\": {\"people\": [\"a\", \"b\", \"c\"]}}",
              "traceparent",
              "00-" + TRACE + "-00f067aa0ba902b7-01");
      assertThat(started.status()).as(started.body()).isEqualTo(202);
      String id = (String) started.json().get("id");
      stack.settle();
      stack.call(stack.admin(), "POST", "/executions/" + id + "/signals/reply", "{}");
      stack.settle();
      stack.call(stack.admin(), "POST", "/executions/" + id + "/pause", "{}");
      stack.call(stack.admin(), "POST", "/executions/" + id + "/resume", "{}");
      stack.settle();
      stack.call(stack.admin(), "POST", "/executions/" + id + "/cancel", null);
      stack.settle();

      List<String> rows = history(stack);
      List<Map<String, Object>> lines =
          log.read().stream()
              .filter(line -> line.containsKey("flow") && line.containsKey("revision"))
              .toList();
      assertThat(rows).hasSizeGreaterThan(25);
      assertThat(
              lines.stream()
                  .map(
                      line ->
                          said(
                              line.get("execution"),
                              line.get("revision"),
                              line.get("message"),
                              line.get("step"),
                              line.get("attempt")))
                  .sorted()
                  .toList())
          .containsExactlyElementsOf(rows.stream().sorted().toList());
      assertThat(lines)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .containsEntry("tenant", "acme")
                      .containsEntry("flow", "told")
                      .containsEntry("version", "1.0.0")
                      .containsEntry("trace_id", TRACE)
                      .containsEntry("request_id", "test-request"));
      assertThat(lines)
          .filteredOn(line -> line.get("message").equals("step_retrying"))
          .singleElement()
          .satisfies(line -> assertThat(line).containsEntry("error_type", "sandbox.busy"));
    }
  }
}
