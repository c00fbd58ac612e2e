package io.orchestrator.execution;

import static io.orchestrator.execution.Story.admitted;
import static io.orchestrator.execution.Story.answered;
import static io.orchestrator.execution.Story.begun;
import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.paused;
import static io.orchestrator.execution.Story.resumed;
import static io.orchestrator.execution.Story.succeeded;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each kind of event does in each status: one table for executions, one for steps. {@code -}
 * means that it changes nothing.
 */
final class Pairs {
  /** Statuses of executions to which no change leads in this version. */
  static final List<Status> UNREACHED = List.of(Status.QUARANTINED);

  static final String EXECUTIONS =
      """
      | status              | Triggered         | StepSucceeded  | StepFailed  | StepDeferred | StepBegun  | CallbackReceived | TimeElapsed         | CancelRequested     | PauseRequested   | ResumeRequested   | Admitted |
      |---------------------|-------------------|----------------|-------------|--------------|------------|------------------|---------------------|---------------------|------------------|-------------------|----------|
      | (none)              | execution_started | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      | queued              | -                 | step_completed | step_failed | step_waiting | call_begun | step_completed   | execution_timed_out | execution_cancelled | execution_paused | -                 | -        |
      | running             | -                 | step_completed | step_failed | step_waiting | call_begun | step_completed   | execution_timed_out | execution_cancelled | execution_paused | -                 | -        |
      | waiting             | -                 | -              | -           | -            | -          | step_completed   | execution_timed_out | execution_cancelled | execution_paused | -                 | -        |
      | paused              | -                 | step_completed | step_failed | step_waiting | -          | step_completed   | -                   | execution_cancelled | -                | execution_resumed | -        |
      | compensating        | -                 | -              | -           | -            | -          | -                | -                   | -                   | execution_paused | -                 | -        |
      | completed           | -                 | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      | failed              | -                 | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      | cancelled           | -                 | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      | timed_out           | -                 | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      | compensated         | -                 | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      | compensation_failed | -                 | -              | -           | -            | -          | -                | -                   | -                   | -                | -                 | -        |
      """;

  static final String STEPS =
      """
      | step                 | Triggered | StepSucceeded  | StepFailed  | StepDeferred | StepBegun  | CallbackReceived | TimeElapsed    | CancelRequested     | PauseRequested   | ResumeRequested | Admitted |
      |----------------------|-----------|----------------|-------------|--------------|------------|------------------|----------------|---------------------|------------------|-----------------|----------|
      | (not reached)        | -         | -              | -           | -            | -          | -                | -              | execution_cancelled | execution_paused | -               | -        |
      | running              | -         | step_completed | step_failed | step_waiting | call_begun | step_completed   | -              | execution_cancelled | execution_paused | -               | -        |
      | waiting              | -         | -              | -           | -            | -          | step_completed   | step_failed    | execution_cancelled | execution_paused | -               | -        |
      | waiting (timer)      | -         | -              | -           | -            | -          | -                | step_completed | execution_cancelled | execution_paused | -               | -        |
      | retrying             | -         | step_completed | step_failed | step_waiting | call_begun | step_completed   | -              | execution_cancelled | execution_paused | -               | -        |
      | completed            | -         | -              | -           | -            | -          | -                | -              | execution_cancelled | execution_paused | -               | -        |
      | failed               | -         | -              | -           | -            | -          | -                | -              | execution_cancelled | execution_paused | -               | -        |
      | skipped              | -         | -              | -           | -            | -          | -                | -              | execution_cancelled | execution_paused | -               | -        |
      | cancelled            | -         | -              | -           | -            | -          | -                | -              | execution_cancelled | execution_paused | -               | -        |
      | compensated          | -         | -              | -           | -            | -          | -                | -              | -                   | execution_paused | -               | -        |
      | running (structure)  | -         | -              | -           | -            | -          | -                | step_failed    | execution_cancelled | execution_paused | -               | -        |
      | retrying (structure) | -         | -              | -           | -            | -          | -                | step_started   | execution_cancelled | execution_paused | -               | -        |
      """;

  private static final String ASK = "x: {adapter: ask, await: {callback: true, timeout: 1h}}";

  private Pairs() {}

  /** The cells of a table by row and column. */
  static Map<String, Map<String, String>> cells(String table) {
    List<List<String>> rows =
        table
            .lines()
            .map(
                line ->
                    Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
            .toList();
    Map<String, Map<String, String>> cells = new LinkedHashMap<>();
    for (List<String> row : rows.subList(2, rows.size())) {
      Map<String, String> byColumn = new LinkedHashMap<>();
      for (int i = 1; i < row.size(); i++) {
        byColumn.put(rows.getFirst().get(i), row.get(i));
      }
      cells.put(row.getFirst(), byColumn);
    }
    return cells;
  }

  /**
   * An execution in the status that a row names, its step {@code x} ready for whatever the status
   * allows.
   */
  static Story execution(String row) {
    String timeout = "timeout: 30m\n";
    return switch (row) {
      case "(none)" -> Story.blank("steps: [a]");
      case "queued" -> given(timeout, "- " + ASK);
      case "running" -> given(timeout, "- a\n- " + ASK).and(succeeded("a", 1, 1L));
      case "waiting" -> given(timeout, "- " + ASK).and(deferred("x", 1, 1L));
      case "completed" -> given(timeout, "- " + ASK).and(succeeded("x", 1, 1L));
      case "failed" -> given(timeout, "- " + ASK).and(failed("x", 1, broken()));
      case "cancelled" -> given(timeout, "- " + ASK).and(cancelled("enough"));
      case "timed_out" -> given(timeout, "- " + ASK).later("30M").and(elapsed());
      case "paused" -> given(timeout, "- " + ASK).and(paused("look"));
      case "compensating" -> undoing();
      case "compensated" -> undoing().and(succeeded("x/refund", 1, 1L));
      case "compensation_failed" -> undoing().and(failed("x/refund", 1, broken()));
      default -> throw new IllegalArgumentException(row);
    };
  }

  private static Story undoing() {
    return given("- x: {adapter: ask, compensate: refund}\n- b")
        .and(succeeded("x", 1, 1L), failed("b", 1, broken()));
  }

  /** A living execution whose step {@code x} is what a row names. */
  static Story step(String row) {
    return switch (row) {
      case "(not reached)" -> given("- a\n- " + ASK);
      case "running" -> given("- " + ASK);
      case "waiting" -> given("- " + ASK).and(deferred("x", 1, 1L));
      case "waiting (timer)" -> given("- x: {wait: 1h}");
      case "retrying" ->
          given("- " + ASK.replace("}}", "}, retry: {attempts: 2}}")).and(failed("x", 1, down()));
      case "completed" -> given("- " + ASK + "\n- b").and(succeeded("x", 1, 1L));
      case "failed" ->
          given("- " + ASK.replace("}}", "}, on_error: [b]}")).and(failed("x", 1, broken()));
      case "skipped" -> given("- " + ASK.replace("}}", "}, when: false}") + "\n- b");
      case "cancelled" ->
          given("- p: {parallel: [" + ASK.replace("x:", "{x:") + "}, a], on_error: [b]}")
              .and(failed("p/a", 1, broken()));
      case "compensated" ->
          given(
                  "- a: {adapter: a, compensate: refund}\n"
                      + "- x: {adapter: ask, compensate: b}\n"
                      + "- c")
              .and(succeeded("a", 1, 1L), succeeded("x", 1, 1L), failed("c", 1, broken()))
              .and(succeeded("x/b", 1, 1L));
      case "running (structure)" -> given("- x: {do: [a], timeout: 1h, on_error: [b]}");
      case "retrying (structure)" ->
          given("- x: {do: [a], retry: {attempts: 2, only: [adapter_error]}}")
              .and(failed("x/a", 1, broken()));
      default -> throw new IllegalArgumentException(row);
    };
  }

  /** An event of that kind for step {@code x}, an hour later. */
  static Story.Happening event(Story story, String kind) {
    StepState state =
        story.execution().steps().stream()
            .filter(step -> step.path().matches("(p/)?x"))
            .findFirst()
            .orElse(null);
    String path = state == null ? "x" : state.path();
    int attempt = state == null ? 1 : state.attempt();
    return switch (kind) {
      case "Triggered" -> at -> new Event.Triggered(null, null, at);
      case "StepSucceeded" -> succeeded(path, attempt, 1L);
      case "StepFailed" -> failed(path, attempt, broken());
      case "StepDeferred" -> deferred(path, attempt, 1L);
      case "StepBegun" -> begun(path, attempt);
      case "CallbackReceived" -> answered(path, 1L);
      case "TimeElapsed" -> elapsed();
      case "CancelRequested" -> cancelled("enough");
      case "PauseRequested" -> paused("look");
      case "ResumeRequested" -> resumed(Raise.NONE);
      case "Admitted" -> admitted();
      default ->
          throw new IllegalArgumentException("no row of the tables says what " + kind + " does");
    };
  }

  /** What came of it, in a table's words. */
  static String outcome(Story story) {
    return switch (story.decision()) {
      case Decision.Taken taken -> Notation.write(taken.transitions().getFirst()).event();
      case Decision.Ignored ignored -> "-";
    };
  }
}
