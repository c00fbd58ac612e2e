package io.orchestrator.simulation;

import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.util.HashSet;
import java.util.Set;

/** What an execution owes by its flow: what is done in any case is done, the budget is kept. */
final class Duties {
  private final Plan plan;
  private final Set<String> open = new HashSet<>();
  private final Set<String> spent = new HashSet<>();
  private Long allowed;
  private boolean ending;

  Duties(Plan plan) {
    this.plan = plan;
    this.allowed = plan.terms().budget().steps();
  }

  boolean isEnding() {
    return ending;
  }

  void committed(Transition line) {
    line.started().forEach(this::reached);
    line.skipped().forEach(this::reached);
    switch (line.change()) {
      case Change.StepStarted started -> {
        reached(started.path());
        if (plan.at(started.path()) != null
            && plan.at(started.path()).kind() instanceof Kind.Group group
            && !group.atEnd().isEmpty()) {
          open.add(started.path() + "/" + group.atEnd().getFirst().id());
        }
      }
      case Change.StepCompleted c -> reached(c.path());
      case Change.StepFailed c -> reached(c.path());
      case Change.StepRetrying c -> reached(c.path());
      case Change.StepSkipped c -> reached(c.path());
      case Change.StepWaiting c -> reached(c.path());
      case Change.StepListening c -> reached(c.path());
      case Change.ApprovalRequested c -> reached(c.path());
      case Change.SignalTaken c -> reached(c.path());
      case Change.EventEmitted c -> reached(c.path());
      case Change.HandlersStarted ignored -> ending = true;
      case Change.Course.EndStarted ignored -> ending = true;
      case Change.Course.CancelStarted ignored -> ending = true;
      case Change.Course.CompensationStarted ignored -> ending = true;
      case Change.Course.FinallyStarted ignored -> ending = true;
      case Change.Course.Resumed resumed -> {
        if (resumed.raise().steps() != null) {
          allowed = resumed.raise().steps();
        }
      }
      default -> {}
    }
  }

  private void reached(String path) {
    open.remove(path);
  }

  /** A call is made; what an execution needs for its end it may use. */
  void called(String path, Execution execution) {
    if (allowed != null && !ending && execution.failure() == null) {
      spent.add(path);
      Truth.must(spent.size() <= allowed, "%s is called, but only %d may be", spent, allowed);
    }
  }

  /** At the end nothing is owed. */
  void over() {
    Truth.must(open.isEmpty(), "%s should have been done in any case", open);
  }
}
