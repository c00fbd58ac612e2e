package io.orchestrator.functions;

import io.orchestrator.engine.Observer;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Metrics;
import io.orchestrator.telemetry.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Tells of every transition: one structured event each, and the counts behind the dashboard. */
final class Told implements Observer {
  /**
   * What callbacks and flows call their errors is up to them, and each name is a series of its own.
   */
  private static final int TYPES_MAX = 50;

  private final Metrics metrics;
  private final Set<String> types = ConcurrentHashMap.newKeySet();

  Told(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void committed(Moved moved) {
    if (Log.isOn()) {
      log(moved);
    }
    Execution after = moved.after();
    for (Transition transition : moved.transitions()) {
      count(moved.plan(), transition.change());
    }
    metrics.count("Transitions", moved.transitions().size(), Map.of());
    if (moved.before().revision() == 0) {
      metrics.count("Started", 1, Map.of());
    }
    if (after.status().isFinal()) {
      metrics.count("Ended", 1, Map.of("status", after.status().text()));
      metrics.duration(
          "ExecutionDuration", Duration.between(after.startedAt(), after.endedAt()), Map.of());
    }
  }

  @Override
  public void quarantined(UUID execution, String why) {
    Log.event("execution_quarantined", "execution", execution.toString(), "why", why);
    metrics.count("Quarantined", 1, Map.of());
    metrics.flush();
  }

  @Override
  public void takenOver(UUID execution) {
    Log.event("execution_taken_over", "execution", execution.toString());
    metrics.count("TakenOver", 1, Map.of());
  }

  private void log(Moved moved) {
    Execution after = moved.after();
    String trace = Trace.traceId(moved.trace(), after.id());
    int revision = moved.before().revision();
    for (Transition transition : moved.transitions()) {
      revision++;
      try (Log.About _ = Log.about(after.tenant(), after.id().toString(), revision, trace)) {
        tell(moved.plan(), transition.change());
      }
    }
  }

  /** How often calls are made, how often again, and why. */
  private void count(Plan plan, Change change) {
    switch (change) {
      case Change.StepCompleted c -> called(plan, c.path(), false);
      case Change.StepRetrying c -> {
        called(plan, c.path(), true);
        failed(c.failure());
      }
      case Change.StepFailed c -> {
        called(plan, c.path(), false);
        failed(c.failure());
      }
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

  private void called(Plan plan, String path, boolean again) {
    Step step = plan.at(path);
    if (step != null && step.kind() instanceof Kind.Call call) {
      Map<String, String> adapter = Map.of("adapter", call.adapter());
      metrics.count("Attempts", 1, adapter);
      metrics.count("Retries", again ? 1 : 0, adapter);
    }
  }

  private void failed(Failure failure) {
    boolean known =
        types.contains(failure.type()) || (types.size() < TYPES_MAX && types.add(failure.type()));
    metrics.count("Failures", 1, Map.of("type", known ? failure.type() : "other"));
  }

  private void tell(Plan plan, Change change) {
    switch (change) {
      case Change.Started c -> event("execution_started", plan, "", 0, "");
      case Change.StepStarted c -> event("step_started", plan, c.path(), c.attempt(), "");
      case Change.StepClosing c -> event("step_closing", plan, c.path(), c.attempt(), "");
      case Change.CallBegun c -> event("call_begun", plan, c.path(), c.attempt(), "");
      case Change.StepCompleted c -> event("step_completed", plan, c.path(), c.attempt(), "");
      case Change.StepRetrying c ->
          event("step_retrying", plan, c.path(), c.attempt(), c.failure().type());
      case Change.StepFailed c ->
          event("step_failed", plan, c.path(), c.attempt(), c.failure().type());
      case Change.StepRecovered c -> event("step_recovered", plan, c.path(), 0, "");
      case Change.StepSkipped c -> event("step_skipped", plan, c.path(), 0, "");
      case Change.StepWaiting c -> event("step_waiting", plan, c.path(), c.attempt(), "");
      case Change.HandlersStarted c -> event("handlers_started", plan, "", 0, c.failure().type());
      case Change.Completed c -> event("execution_completed", plan, "", 0, "");
      case Change.Failed c -> event("execution_failed", plan, "", 0, c.failure().type());
      case Change.Cancelled c -> event("execution_cancelled", plan, "", 0, "");
      case Change.Crossing c -> written(plan, c);
      case Change.Course c -> written(plan, c);
      case Change.Repair c -> written(plan, c);
      case Change.TimedOut c -> event("execution_timed_out", plan, "", 0, "");
    }
  }

  /** Called as it is called in the history. */
  private static void written(Plan plan, Change change) {
    Notation.Written line = Notation.write(new Transition(change, List.of(), List.of(), List.of()));
    event(line.event(), plan, line.step() == null ? "" : line.step(), line.attempt(), "");
  }

  private static void event(String name, Plan plan, String path, int attempt, String error) {
    Log.event(
        name,
        "flow",
        plan.flow(),
        "version",
        plan.version(),
        "step",
        path,
        "attempt",
        attempt,
        "error_type",
        error);
  }
}
