package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** How error handlers are chosen, run and end. Where a step is asked for, null is the flow. */
final class Handling {
  private final Walk walk;

  Handling(Walk walk) {
    this.walk = walk;
  }

  /** The first clause that catches the failure; -1 if none does. */
  int catching(Handlers handlers, Failure failure, Supplier<Scope> scope) {
    for (int i = 0; i < handlers.clauses().size(); i++) {
      Handlers.Clause clause = handlers.clauses().get(i);
      boolean type = clause.types().isEmpty() || Retries.matches(clause.types(), failure.type());
      if (type && holds(clause, scope)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean holds(Handlers.Clause clause, Supplier<Scope> scope) {
    if (clause.when() == null) {
      return true;
    }
    try {
      return clause.when().condition(scope.get());
    } catch (ExpressionException e) {
      return false; // the condition was checked at publish; what it meets now it cannot judge
    }
  }

  void run(Instance step, Handlers handlers, int clause) {
    List<Step> steps = handlers.clauses().get(clause).steps();
    if (steps.isEmpty()) {
      ended(step, clause, null);
    } else {
      Step first = steps.getFirst();
      walk.enter(step == null ? Walk.ofFlow(first) : step.inside(first));
    }
  }

  /**
   * A failing handler stops the rest; the failure that was being handled is the one that is kept.
   */
  void failed(Instance step) {
    if (step == null) {
      walk.closer().fail(walk.execution().failure(), false);
    } else {
      walk.outwards(step, walk.state(step).failure(), false);
    }
  }

  void ended(Instance step, int clause, Object output) {
    if (step == null) {
      ofFlowEnded(clause, output);
      return;
    }
    StepState state = walk.state(step);
    switch (step.common().onError().clauses().get(clause).then()) {
      case FAIL -> walk.outwards(step, state.failure(), true);
      case CONTINUE -> {
        walk.record(new Change.StepRecovered(step.path(), output));
        walk.advance(step, output);
      }
      case COMPENSATE -> walk.closer().undo(step, state.failure());
      case RETRY -> {
        boolean again = !state.retriedByHandler() && !step.common().atMostOnce();
        if (!again || !walk.inTime(step)) {
          walk.outwards(step, state.failure(), true);
        } else {
          int next = state.attempt() + 1;
          walk.record(
              new Change.StepRetrying(
                  step.path(), next, state.failure(), Duration.ZERO, true, state.unjudged()));
          if (walk.affords(step, next)) {
            walk.due(step.path());
          }
        }
      }
    }
  }

  private void ofFlowEnded(int clause, Object output) {
    switch (walk.plan.onError().clauses().get(clause).then()) {
      case FAIL, RETRY, COMPENSATE -> walk.closer().fail(walk.execution().failure(), true);
      case CONTINUE -> walk.closer().finish(output);
    }
  }
}
