package io.orchestrator.execution;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What follows the steps that ended during a pause, once it is over. */
final class Halts {
  private final Walk walk;
  private final Set<String> halted = new LinkedHashSet<>(0);

  Halts(Walk walk) {
    this.walk = walk;
  }

  /** Whether nothing has followed a step yet. */
  boolean isHalted(String path) {
    return halted.contains(path);
  }

  /** One after the other, in the order in which they ended. */
  void follow(List<String> paths) {
    halted.addAll(paths);
    for (String path : paths) {
      halted.remove(path);
      Instance step = walk.at(path);
      if (walk.execution().standing().paused()) {
        walk.record(new Change.Course.Halted(path)); // the one before has used up the budget
      } else if (stands(step)) {
        follow(step, walk.state(step));
      }
    }
  }

  private void follow(Instance step, StepState ended) {
    switch (ended.status()) {
      case COMPLETED -> walk.advance(step, ended.output());
      case SKIPPED -> walk.advance(step, null);
      case FAILED -> walk.follow(step, ended);
      case RUNNING, WAITING, RETRYING, CANCELLED, COMPENSATED ->
          throw new IllegalStateException(step.path() + " has not ended during the pause");
    }
  }

  /** Whether everything around a step is still at work; what followed another may have ended it. */
  private boolean stands(Instance step) {
    boolean stands = walk.state(step) != null && !walk.execution().status().isFinal();
    Instance inner = step;
    for (Instance outer = step.around(walk.plan);
        stands && outer != null;
        outer = inner.around(walk.plan)) {
      stands = holds(walk.state(outer), inner);
      inner = outer;
    }
    return stands;
  }

  private static boolean holds(StepState outer, Instance inner) {
    return switch (inner.place().slot()) {
      case SEQUENCE, BRANCH, ITEM -> isRunning(outer) && outer.outcome() == null;
      case FINALLY -> isRunning(outer) && outer.outcome() != null;
      case HANDLER -> outer != null && outer.status() == StepStatus.FAILED;
      case COMPENSATION -> true;
      case ON_CANCEL -> throw new IllegalStateException("nothing is around " + inner.path());
    };
  }

  private static boolean isRunning(StepState structure) {
    return structure != null && structure.status() == StepStatus.RUNNING;
  }
}
