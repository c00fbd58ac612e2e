package io.orchestrator.execution;

import io.orchestrator.flow.Plan;

/** What becomes of the wish to stop an execution, to pause it or to let it go on. */
final class Steering {
  private Steering() {}

  static Decision cancel(Plan plan, Execution execution, Event.CancelRequested event) {
    if (execution.standing().closing() != null) {
      return new Decision.Ignored("the execution is ending already");
    }
    Walk walk = new Walk(plan, execution, event.at());
    walk.closer().cancel(event.reason(), event.compensates());
    return walk.decision();
  }

  static Decision pause(Plan plan, Execution execution, Event.PauseRequested event) {
    if (execution.status() == Status.PAUSED) {
      return new Decision.Ignored("the execution is paused already");
    }
    if (execution.isHeld()) {
      return new Decision.Ignored("the execution waits for its turn, nothing of it runs");
    }
    Walk walk = new Walk(plan, execution, event.at());
    walk.record(new Change.Course.Paused(event.reason()));
    return walk.decision();
  }

  /** What fell due while it was paused happens now; what it lacks must be given with the wish. */
  static Decision resume(Plan plan, Execution execution, Event.ResumeRequested event) {
    boolean paused = execution.status() == Status.PAUSED;
    if (!paused && event.raise().equals(Raise.NONE)) {
      return new Decision.Ignored("the execution is not paused");
    }
    Walk walk = new Walk(plan, execution, event.at());
    walk.record(new Change.Course.Resumed(event.raise()));
    String lacking = Spending.exceeded(plan, walk.execution(), 0);
    if (paused && lacking != null && plan.terms().budget().pauses()) {
      return new Decision.Ignored(
          "the budget is used up, " + lacking + "; raise it with {\"budget\": {...}}");
    }
    if (paused) {
      walk.follow(execution.standing().halted());
    }
    if (paused && !walk.execution().status().isFinal()) {
      walk.elapse();
    }
    return walk.decision();
  }

  static Decision admit(Plan plan, Execution execution, Event.Admitted event) {
    if (!execution.isHeld()) {
      return new Decision.Ignored("the execution waits for no turn");
    }
    Walk walk = new Walk(plan, execution, event.at());
    walk.admit();
    return walk.decision();
  }
}
