package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.util.ArrayList;
import java.util.List;

/** What becomes of the orders of an operator. */
final class Orders {
  private Orders() {}

  static Decision decide(Plan plan, Execution execution, Event.Order order) {
    return switch (order) {
      case Event.Ordered ordered ->
          signed(StateMachine.decide(plan, execution, ordered.event()), ordered.by());
      case Event.RestoreRequested wish -> Restoring.decide(plan, execution, wish);
      case Event.StepSettled settled -> settle(plan, execution, settled);
    };
  }

  private static Decision signed(Decision decision, String by) {
    return switch (decision) {
      case Decision.Ignored ignored -> ignored;
      case Decision.Taken taken -> {
        List<Transition> lines = new ArrayList<>(taken.transitions());
        lines.set(0, lines.getFirst().orderedBy(by));
        yield new Decision.Taken(List.copyOf(lines), taken.next());
      }
    };
  }

  private static Decision settle(Plan plan, Execution execution, Event.StepSettled event) {
    String path = event.path();
    if (execution.status().isFinal() || execution.status() == Status.QUARANTINED) {
      return new Decision.Ignored("the execution is " + execution.status().text());
    }
    StepState state = InstancePath.isIteration(path) ? null : execution.step(path);
    if (state == null || plan.at(path) == null) {
      return new Decision.Ignored("step " + path + " has not been reached, or is forgotten by now");
    }
    boolean rests =
        state.status() == StepStatus.WAITING
            || (state.status() == StepStatus.RETRYING && state.due().isAfter(event.at()));
    if (!rests) {
      return new Decision.Ignored("step " + path + " is " + state.status().text() + ", not waiting");
    }
    Walk walk = new Walk(plan, execution, event.at());
    settle(walk, walk.at(path), state, event.settlement());
    return walk.decision();
  }

  private static void settle(Walk walk, Instance step, StepState state, Settlement settlement) {
    boolean accepted = state.status() == StepStatus.WAITING && step.kind() instanceof Kind.Call;
    switch (settlement) {
      case Settlement.Completed done -> {
        walk.record(
            new Change.StepCompleted(
                step.path(), state.attempt(), done.output(), null, state.servedBy()));
        if (!walk.halts(step)) {
          walk.advance(step, done.output());
        }
      }
      case Settlement.Failed failed -> {
        if (accepted) {
          walk.owe(step);
        }
        walk.fail(step, state.attempt(), failed.failure(), false);
      }
      case Settlement.Skipped ignored -> {
        if (accepted) {
          walk.owe(step);
        }
        walk.record(new Change.StepSkipped(step.path(), ""));
        if (!walk.halts(step)) {
          walk.advance(step, null);
        }
      }
    }
  }
}
