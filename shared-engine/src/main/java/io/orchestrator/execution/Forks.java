package io.orchestrator.execution;

import io.orchestrator.flow.Join;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How the branches of a parallel begin and come together. */
final class Forks {
  private final Walk walk;
  private final Set<String> driven = new HashSet<>();

  Forks(Walk walk) {
    this.walk = walk;
  }

  /** How many branches are where. */
  private record Count(int done, int skipped, int failed, int atWork, int all) {
    int open() {
      return all - done - skipped - failed;
    }

    boolean isHopeless(Join join) {
      return join.enough() > 0
          ? failed > 0 && done + open() < join.enough()
          : failed > join.tolerance().of(all);
    }

    boolean isEnough(Join join) {
      return open() == 0 || (join.enough() > 0 && done >= join.enough());
    }
  }

  /** Begins as many branches as may be at work, and ends the parallel if there are enough. */
  void drive(Instance parallel) {
    if (!driven.add(parallel.path())) {
      return; // a branch that ended at once: it goes on from the outside
    }
    Kind.Parallel kind = (Kind.Parallel) parallel.kind();
    for (Step next = next(parallel, kind); next != null; next = next(parallel, kind)) {
      walk.enter(parallel.inside(next));
    }
    driven.remove(parallel.path());
    if (isAtWork(parallel) && count(parallel).isEnough(kind.join())) {
      walk.groups().ended(parallel, outputs(parallel));
    }
  }

  private Step next(Instance parallel, Kind.Parallel kind) {
    if (!isAtWork(parallel)) {
      return null;
    }
    Count count = count(parallel);
    if (count.atWork() >= kind.concurrency() || count.isEnough(kind.join())) {
      return null;
    }
    for (Step branch : kind.branches()) {
      if (walk.state(parallel.inside(branch)) == null) {
        return branch;
      }
    }
    return null;
  }

  private boolean isAtWork(Instance parallel) {
    StepState state = walk.state(parallel);
    return state != null && walk.isOpen(parallel, state.attempt());
  }

  private Count count(Instance parallel) {
    int done = 0;
    int skipped = 0;
    int failed = 0;
    int atWork = 0;
    for (Step step : ((Kind.Parallel) parallel.kind()).branches()) {
      Instance branch = parallel.inside(step);
      StepState state = walk.state(branch);
      if (state != null && walk.isHalted(branch)) {
        atWork++;
      } else if (state != null) {
        switch (state.status()) {
          case COMPLETED -> done++;
          case SKIPPED -> skipped++;
          case FAILED -> {
            boolean handlersRun = !walk.activeWithin(branch.path()).isEmpty();
            atWork += handlersRun ? 1 : 0;
            failed += handlersRun ? 0 : 1;
          }
          case RUNNING, WAITING, RETRYING -> atWork++;
          case CANCELLED, COMPENSATED -> failed++;
        }
      }
    }
    int all = ((Kind.Parallel) parallel.kind()).branches().size();
    return new Count(done, skipped, failed, atWork, all);
  }

  private Map<String, Object> outputs(Instance parallel) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (Step branch : ((Kind.Parallel) parallel.kind()).branches()) {
      StepState state = walk.state(parallel.inside(branch));
      outputs.put(branch.id(), state == null ? null : state.output());
    }
    return outputs;
  }

  /** A branch has failed for good: the whole can do without it, or fails with it. */
  void failed(Instance parallel, Failure failure, boolean handled) {
    Kind.Parallel kind = (Kind.Parallel) parallel.kind();
    if (count(parallel).isHopeless(kind.join())) {
      walk.fail(parallel, walk.state(parallel).attempt(), failure, handled);
    } else {
      drive(parallel);
    }
  }
}
