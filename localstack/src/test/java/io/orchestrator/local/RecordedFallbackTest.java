package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.TestsReader;
import io.orchestrator.rehearsal.Report;
import io.orchestrator.rehearsal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who answered instead of an adapter stands in the recorded test, and answers there, too. */
class RecordedFallbackTest {
  @SuppressWarnings("InlineFormatString") // it reads better apart from its use
  private static final String FLOW =
      """
      flow: standing-in
      steps:
        - x: {adapter: a, params: {}, fallback: [b, c]%s}
      """;

  private static Stage stage(String more) {
    Map<String, KnownNames.Adapter> adapters = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c")) {
      adapters.put(name, new KnownNames.Adapter("run", Set.of("run")));
    }
    FlowValidation read =
        FlowValidation.validate(FLOW.formatted(more), new KnownNames(adapters, Map.of(), Set.of()));
    assertThat(read.errors()).isEmpty();
    return Stage.of("local", read.flow(), read.compiled().plan(), new BuiltIns(), name -> null);
  }

  private static Map<String, Object> line(String event, String step, String data) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("step", step);
    line.put("at", "2026-03-01T12:00:0%d.000Z".formatted(step == null ? 0 : 1));
    line.put("data", Json.read(data));
    return line;
  }

  private static Map<String, Object> recorded(
      Stage stage, String status, List<Map<String, Object>> lines) {
    List<Map<String, Object>> history = new ArrayList<>();
    history.add(line("execution_started", null, "{\"input\": {}, \"started\": [\"x\"]}"));
    history.addAll(lines);
    Map<String, Object> execution = new LinkedHashMap<>();
    execution.put("id", "1");
    execution.put("status", status);
    Map<String, Object> last = Data.map(lines.getLast().get("data"));
    execution.put("output", last.get("output"));
    execution.put("error", last.get("error"));
    Map<String, Object> test = Recorded.test(stage.plan(), execution, history, false);
    assertThat(failures(stage, test)).as(Json.write(test)).isZero();
    return Data.map(Data.map(test.get("mocks")).get("x"));
  }

  /** Played, it goes the way that was recorded. */
  private static long failures(Stage stage, Map<String, Object> test) {
    Problems problems = new Problems();
    List<FlowTest> tests =
        TestsReader.file(
            Document.of(Map.of("tests", List.of(test)), ""), stage.plan().flow(), problems);
    assertThat(problems.errors()).isEmpty();
    return Report.of(stage, tests).failed();
  }

  @Test
  void the_first_that_stood_in() {
    Map<String, Object> mock =
        recorded(
            stage(""),
            "completed",
            List.of(
                line(
                    "step_completed",
                    "x",
                    "{\"output\": {\"id\": 1, \"ok\": true}, \"served_by\": \"b\"}")));
    assertThat(mock)
        .isEqualTo(
            Json.read(
                "{\"$adapters\": {\"a\": {\"error\": \"adapter_unavailable\"}, \"b\": {\"id\": 1,"
                    + " \"ok\": true}}}"));
  }

  @Test
  void the_last_with_an_answer_that_is_no_map() {
    Map<String, Object> mock =
        recorded(
            stage(""),
            "completed",
            List.of(line("step_completed", "x", "{\"output\": 7, \"served_by\": \"c\"}")));
    assertThat(Data.map(mock.get("$adapters")))
        .containsEntry("a", Map.of("error", "adapter_unavailable"))
        .containsEntry("b", Map.of("error", "adapter_unavailable"))
        .containsEntry("c", 7L);
  }

  @Test
  void one_that_accepted_the_call_and_answered_later() {
    Map<String, Object> mock =
        recorded(
            stage(", await: {callback: true}"),
            "completed",
            List.of(
                line("step_waiting", "x", "{\"call\": {\"ref\": 5}, \"served_by\": \"b\"}"),
                line(
                    "step_completed",
                    "x",
                    "{\"output\": {\"paid\": true}, \"served_by\": \"b\"}")));
    assertThat(Data.map(Data.map(mock.get("$adapters")).get("b")))
        .containsEntry("callback", Map.of("paid", true))
        .containsEntry("call", Map.of("ref", 5L));
  }

  @Test
  void nobody_was_there() {
    Map<String, Object> mock =
        recorded(
            stage(", retry: {attempts: 1}"),
            "failed",
            List.of(
                line(
                    "step_failed",
                    "x",
                    "{\"error\": {\"type\": \"adapter_unavailable\", \"message\": \"503\","
                        + " \"retryable\": true}}")));
    assertThat(Data.map(mock.get("$adapters")).keySet()).containsExactly("a", "b", "c");
  }

  @Test
  void a_refusal_is_that_of_the_adapter_itself() {
    Map<String, Object> mock =
        recorded(
            stage(", retry: {attempts: 1}"),
            "failed",
            List.of(
                line(
                    "step_failed",
                    "x",
                    "{\"error\": {\"type\": \"forbidden\", \"message\": \"no\", \"retryable\":"
                        + " false}}")));
    assertThat(mock).containsKey("error").doesNotContainKey("$adapters");
  }
}
