package io.orchestrator.rehearsal;

import io.orchestrator.execution.Masked;
import io.orchestrator.execution.StepState;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.TestCheck;
import io.orchestrator.flow.TestsReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a flow would do with an input: its way and every parameter, no adapter called. A step that
 * the mocks do not answer gives null, and is named as unknown.
 */
public final class DryRun {
  private DryRun() {}

  /**
   * The script of a dry run.
   *
   * @param said {@code {input, mocks, trigger, signals, events, cancel, start}}
   * @return null with problems told
   */
  public static FlowTest script(Stage stage, Object said, Problems problems) {
    FlowTest script = TestsReader.script(Document.of(said, ""), problems);
    if (script != null) {
      TestCheck.check(stage.plan(), List.of(script), problems);
    }
    return problems.none() ? script : null;
  }

  /**
   * The answer as plain data.
   *
   * @param timeMax that it may take on this machine
   */
  public static Map<String, Object> of(Stage stage, FlowTest script, Duration timeMax) {
    Played played = Rehearsal.dry(stage, script, System.nanoTime() + timeMax.toNanos());
    Masked masked =
        Masked.of(stage.plan(), List.of(played.execution()), played.execution().startedAt());
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", stage.plan().flow());
    data.put("version", stage.plan().version());
    data.put("status", played.outcome());
    data.put("path", played.path().stream().<Object>map(Played.Started::path).toList());
    List<Object> calls = new ArrayList<>();
    played.calls().forEach(made -> calls.add(call(made, played, masked)));
    data.put("calls", calls);
    data.put("steps", steps(played, masked));
    data.put(
        "unknown",
        played.calls().stream()
            .filter(made -> made.by() == Made.By.NOBODY)
            .<Object>map(Made::path)
            .distinct()
            .toList());
    data.put("output", masked.output("", played.execution().output()));
    data.put(
        "error",
        played.execution().failure() == null ? null : masked.failure(played.execution().failure()));
    data.put("stopped", played.stop() == null ? null : played.stop().message());
    data.put("duration_ms", played.length().toMillis());
    data.put("warnings", played.warnings());
    return data;
  }

  private static Map<String, Object> call(Made made, Played played, Masked masked) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("step", made.id());
    data.put("path", made.path());
    data.put("attempt", (long) made.attempt());
    data.put("adapter", made.adapter());
    data.put("action", made.action());
    data.put("params", masked.params(made.path(), made.params()));
    data.put("idempotency_key", masked.text(made.idempotencyKey()));
    data.put("timeout_ms", made.timeout() == null ? null : made.timeout().toMillis());
    data.put("answer", made.by() == Made.By.MOCK ? "mock" : "unknown");
    data.put("at_ms", Duration.between(played.execution().startedAt(), made.at()).toMillis());
    return data;
  }

  private static List<Object> steps(Played played, Masked masked) {
    List<Object> steps = new ArrayList<>();
    for (StepState state : played.marks().states()) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("path", state.path());
      data.put("status", state.status().text());
      data.put("attempts", (long) state.attempt());
      data.put("output", masked.output(state.path(), Shown.data(state.output())));
      data.put("error", state.failure() == null ? null : masked.failure(state.failure()));
      steps.add(data);
    }
    return steps;
  }
}
