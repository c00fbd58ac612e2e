package io.orchestrator.functions;

import io.orchestrator.engine.Observer;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import io.orchestrator.telemetry.Span;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.telemetry.Trace;
import io.orchestrator.telemetry.Work;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the spans of executions and of the attempts of their steps, each by the process that
 * commits its end. What they hold are names, ids and types of what flows say, never data.
 */
final class Traced implements Observer {
  private final Spans spans;

  Traced(Spans spans) {
    this.spans = spans;
  }

  @Override
  public void committed(Moved moved) {
    Execution execution = moved.before();
    if (execution.revision() > 0) {
      Work.isAbout(Trace.ofExecution(moved.trace(), execution.id()));
    }
    for (Transition transition : moved.transitions()) {
      Execution next = execution.after(transition, moved.at());
      ended(moved, transition.change(), execution, next);
      for (String path : transition.cancelled()) {
        StepState state = execution.step(path);
        if (state != null) {
          attempt(moved, execution, state, state.attempt(), "cancelled", null);
        }
      }
      execution = next;
    }
    if (moved.after().status().isFinal()) {
      execution(moved);
    }
  }

  /** The attempt of a step that a change ends, if it ends one. */
  private void ended(Moved moved, Change change, Execution before, Execution next) {
    switch (change) {
      case Change.StepCompleted c ->
          attempt(moved, next, known(c.path(), before, next), c.attempt(), "completed", null);
      case Change.StepRetrying c ->
          attempt(
              moved, next, known(c.path(), before, next), c.attempt() - 1, "failed", c.failure());
      case Change.StepFailed c ->
          attempt(moved, next, known(c.path(), before, next), c.attempt(), "failed", c.failure());
      case Change.Started _,
          Change.StepStarted _,
          Change.StepClosing _,
          Change.CallBegun _,
          Change.StepRecovered _,
          Change.StepSkipped _,
          Change.StepWaiting _,
          Change.HandlersStarted _,
          Change.Completed _,
          Change.Failed _,
          Change.Cancelled _,
          Change.TimedOut _,
          Change.Course _,
          Change.Repair _,
          Change.Crossing _ -> {}
    }
  }

  /** A step without a call is not there before the change that completes it. */
  private static StepState known(String path, Execution before, Execution next) {
    StepState state = before.step(path);
    return state != null && state.status().isActive() ? state : next.step(path);
  }

  private void attempt(
      Moved moved, Execution seen, StepState state, int attempt, String status, Failure failure) {
    String path = state.path();
    Step step = moved.plan().at(path);
    Map<String, Object> attributes = about(moved);
    attributes.put("orchestrator.step.path", path);
    attributes.put("orchestrator.step.attempt", (long) attempt);
    attributes.put("orchestrator.step.status", status);
    attributes.put("orchestrator.step.kind", kind(step));
    if (step != null && step.kind() instanceof Kind.Call call) {
      attributes.put("orchestrator.adapter", call.adapter());
      attributes.put("orchestrator.action", call.action());
    }
    spans.over(
        new Span(
            Trace.ofStep(moved.trace(), seen.id(), path, attempt),
            parent(moved, seen, path),
            Span.Kind.INTERNAL,
            "step " + (step == null ? path : step.id()),
            begun(state, moved.at()),
            moved.at(),
            attributes,
            failure == null ? null : failure.type(),
            List.of()));
  }

  /** A repetition began when it was due. */
  private static Instant begun(StepState state, Instant at) {
    boolean repeated = state.status() == StepStatus.RETRYING && state.due() != null;
    Instant begun = repeated ? state.due() : state.startedAt();
    return begun == null || begun.isAfter(at) ? at : begun;
  }

  private static String kind(Step step) {
    return step == null ? null : step.kind().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The structure around a step, or the execution. */
  private static String parent(Moved moved, Execution seen, String path) {
    for (String around = InstancePath.around(path);
        !around.isEmpty();
        around = InstancePath.around(around)) {
      String structure = InstancePath.loop(around);
      StepState state = seen.step(structure);
      if (state != null) {
        return Trace.spanId(Trace.ofStep(moved.trace(), seen.id(), structure, state.attempt()));
      }
    }
    return Trace.spanId(Trace.ofExecution(moved.trace(), seen.id()));
  }

  private void execution(Moved moved) {
    Execution after = moved.after();
    Map<String, Object> attributes = about(moved);
    attributes.put("orchestrator.execution.status", after.status().text());
    boolean well =
        after.status() == Status.COMPLETED
            || after.status() == Status.CANCELLED
            || (after.status() == Status.COMPENSATED && after.failure() == null);
    String error = after.failure() == null ? after.status().text() : after.failure().type();
    spans.over(
        new Span(
            Trace.ofExecution(moved.trace(), after.id()),
            moved.trace() == null ? null : Trace.spanId(moved.trace()),
            Span.Kind.INTERNAL,
            "flow " + moved.plan().flow(),
            after.startedAt(),
            after.endedAt(),
            attributes,
            well ? null : error,
            List.of()));
  }

  private static Map<String, Object> about(Moved moved) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("orchestrator.execution.id", moved.after().id().toString());
    attributes.put("orchestrator.flow.name", moved.plan().flow());
    attributes.put("orchestrator.flow.version", moved.plan().version());
    attributes.put("orchestrator.tenant", moved.after().tenant());
    return attributes;
  }
}
