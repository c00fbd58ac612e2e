package io.orchestrator.execution;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the branches of a parallel begin and come together. */
final class Forks {
  private final Walk walk;

  Forks(Walk walk) {
    this.walk = walk;
  }

  void fork(Instance parallel, Kind.Parallel kind, int attempt) {
    for (Step branch : kind.branches()) {
      walk.enter(parallel.inside(branch));
      if (!walk.isOpen(parallel, attempt)) {
        return; // a branch that ended at once has ended the whole, or made it begin again
      }
    }
    if (kind.branches().isEmpty()) {
      walk.complete(parallel, attempt, Map.of(), "");
    }
  }

  /** One more branch has ended well. */
  void join(Instance parallel) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (Step branch : parallel.kind().blocks().getFirst()) {
      StepState state = walk.state(parallel.inside(branch));
      boolean done =
          state != null
              && (state.status() == StepStatus.COMPLETED || state.status() == StepStatus.SKIPPED);
      if (!done) {
        return;
      }
      outputs.put(branch.id(), state.output());
    }
    walk.complete(parallel, walk.state(parallel).attempt(), outputs, "");
  }
}
