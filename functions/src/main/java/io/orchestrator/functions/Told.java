package io.orchestrator.functions;

import io.orchestrator.engine.Observer;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tells of every transition: one structured event each, and the counts behind the dashboard. */
final class Told implements Observer {
  private final Metrics metrics;

  Told(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void committed(
      Plan plan, Execution before, List<Transition> transitions, Execution after) {
    int revision = before.revision();
    for (Transition transition : transitions) {
      revision++;
      try (Log.About _ = Log.about(after.tenant(), after.id().toString(), revision)) {
        tell(plan, transition.change());
      }
    }
    metrics.count("Transitions", transitions.size(), Map.of());
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

  private void tell(Plan plan, Change change) {
    switch (change) {
      case Change.Started c -> event("execution_started", plan, "", 0, "");
      case Change.StepStarted c -> event("step_started", plan, c.path(), c.attempt(), "");
      case Change.StepClosing c -> event("step_closing", plan, c.path(), c.attempt(), "");
      case Change.CallBegun c -> event("call_begun", plan, c.path(), c.attempt(), "");
      case Change.StepCompleted c -> event("step_completed", plan, c.path(), c.attempt(), "");
      case Change.StepRetrying c ->
          failure("step_retrying", plan, c.path(), c.attempt(), c.failure().type());
      case Change.StepFailed c ->
          failure("step_failed", plan, c.path(), c.attempt(), c.failure().type());
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

  private void failure(String name, Plan plan, String path, int attempt, String type) {
    metrics.count("Failures", 1, Map.of("type", type));
    event(name, plan, path, attempt, type);
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
