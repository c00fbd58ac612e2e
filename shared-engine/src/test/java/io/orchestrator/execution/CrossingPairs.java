package io.orchestrator.execution;

import static io.orchestrator.execution.Story.answered;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;

import java.time.Instant;
import java.util.Map;

/** What each word from outside does to each kind of wait. */
final class CrossingPairs {
  static final String WAITS =
      """
      | wait                | SignalReceived  | EventReceived | DecisionMade  | ChildEnded     | CallbackReceived | StepSucceeded  | TimeElapsed       | CancelRequested     |
      |---------------------|-----------------|---------------|---------------|----------------|------------------|----------------|-------------------|---------------------|
      | await callback      | signal_received | -             | -             | -              | step_completed   | -              | step_failed       | execution_cancelled |
      | await signal        | signal_received | -             | -             | -              | -                | -              | step_failed       | execution_cancelled |
      | await event, looks  | signal_received | event_taken   | -             | -              | -                | step_completed | -                 | execution_cancelled |
      | await event         | signal_received | event_taken   | -             | -              | -                | -              | step_failed       | execution_cancelled |
      | approve             | signal_received | -             | decision_made | -              | -                | -              | step_failed       | execution_cancelled |
      | approve, reminded   | signal_received | -             | decision_made | -              | -                | -              | approval_reminded | execution_cancelled |
      | flow, starts        | signal_received | -             | -             | step_completed | -                | step_completed | -                 | execution_cancelled |
      | flow                | signal_received | -             | -             | step_completed | -                | -              | step_failed       | execution_cancelled |
      | ended               | -               | -             | -             | -              | -                | -              | -                 | -                   |
      """;

  private CrossingPairs() {}

  /** An execution whose step {@code x} waits as a row says. */
  static Story wait(String row) {
    return switch (row) {
      case "await callback" -> given("- x: {await: {callback: true, timeout: 1h}}");
      case "await signal" -> given("- x: {await: {signal: go, timeout: 1h}}");
      case "await event, looks" -> given("- x: {await: {event: paid, key: \"'k'\", timeout: 1h}}");
      case "await event" -> wait("await event, looks").and(deferred("x", 1, null));
      case "approve" -> given("- x: {approve: {title: Pay, timeout: 1h}}");
      case "approve, reminded" -> given("- x: {approve: {title: Pay, remind: 40m}}");
      case "flow, starts" -> given("- x: {flow: child, timeout: 1h}");
      case "flow" -> wait("flow, starts").and(deferred("x", 1, Map.of("execution", "c")));
      case "ended" -> given("- x: {await: {signal: go}}").and(cancelled("enough"));
      default -> throw new IllegalArgumentException(row);
    };
  }

  static Story.Happening event(String kind) {
    return switch (kind) {
      case "SignalReceived" -> at -> new Event.SignalReceived("s1", "go", 7L, at);
      case "EventReceived" -> received("e1", Story.NOON.plusSeconds(60));
      case "DecisionMade" -> at -> new Event.DecisionMade("x", "ann", "approve", null, at);
      case "ChildEnded" -> at -> new Event.ChildEnded("x", 1, 7L, null, at);
      case "CallbackReceived" -> answered("x", 7L);
      case "StepSucceeded" -> succeeded("x", 1, 7L);
      case "StepFailed" -> failed("x", 1, Failure.fatal("not_found", "no flow"));
      case "TimeElapsed" -> elapsed();
      case "CancelRequested" -> cancelled("enough");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  static Story.Happening received(String id, Instant when) {
    return at -> new Event.EventReceived("x", new Occurrence(id, "paid", "k", 7L, when), at);
  }
}
