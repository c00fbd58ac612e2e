package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a structure ends while something has to be done first: the {@code finally} of a group,
 * whatever comes of its steps, before its own retry and handlers hear of it; and the same for the
 * groups that are open inside of what ends, the innermost first.
 */
final class Groups {
  private static final Failure STRUCK = Failure.fatal("cancelled", "what contains it has ended");

  private final Walk walk;
  private final Set<String> settling = new HashSet<>();

  Groups(Walk walk) {
    this.walk = walk;
  }

  /** A structure has come to its end. */
  void ended(Instance structure, Object output) {
    if (closes(structure)) {
      close(structure, new Outcome(output, null, false));
    } else {
      walk.complete(structure, walk.state(structure).attempt(), output, "");
    }
  }

  /** Whether something is to be done before a structure may end. */
  boolean closes(Instance structure) {
    StepState state = walk.state(structure);
    return state != null
        && state.structure()
        && state.status() == StepStatus.RUNNING
        && state.outcome() == null
        && (hasFinally(structure) || !openWithin(structure).isEmpty());
  }

  private static boolean hasFinally(Instance structure) {
    return structure.kind() instanceof Kind.Group group && !group.atEnd().isEmpty();
  }

  /** The groups inside that have a {@code finally} and are at work; in the empty path are all. */
  private List<Instance> openWithin(String path) {
    List<Instance> open = new ArrayList<>();
    for (StepState state : walk.execution().active()) {
      boolean inside =
          state.structure()
              && state.status() == StepStatus.RUNNING
              && !InstancePath.isIteration(state.path())
              && InstancePath.isWithin(state.path(), path);
      if (inside && hasFinally(walk.at(state.path()))) {
        open.add(walk.at(state.path()));
      }
    }
    return open;
  }

  private List<Instance> openWithin(Instance structure) {
    return openWithin(structure.path());
  }

  /** Whether anything is to be done before the execution may end. */
  boolean areOpen() {
    return !openWithin("").isEmpty();
  }

  /** What is at work inside, except what has to be done first: a {@code finally} is not stopped. */
  List<String> stoppedWithin(String path) {
    Set<String> kept = new HashSet<>();
    for (Instance group : openWithin(path)) {
      kept.add(group.path());
      if (walk.state(group).outcome() != null) {
        kept.addAll(walk.activeWithin(group.path()));
      }
    }
    List<String> stopped = new ArrayList<>(walk.activeWithin(path));
    stopped.removeAll(kept);
    return stopped;
  }

  /** Whether a step stands in the {@code finally} of a group that lies in that path. */
  boolean isInFinally(Instance step, String path) {
    Instance inner = step;
    for (Instance outer = inner.around(walk.plan);
        outer != null && InstancePath.isWithin(outer.path(), path);
        outer = outer.around(walk.plan)) {
      if (inner.place().slot() == Place.Slot.FINALLY) {
        return true;
      }
      inner = outer;
    }
    return false;
  }

  /** Cancels what is at work inside, except what has to be done first, and begins that. */
  void close(Instance structure, Outcome outcome) {
    List<String> cancelled = stoppedWithin(structure.path());
    walk.record(
        new Change.StepClosing(
            structure.path(),
            walk.state(structure).attempt(),
            outcome.output(),
            outcome.failure(),
            outcome.handled()),
        cancelled,
        List.of());
    settle(structure);
  }

  /** Goes on with what has to be done before a closing structure ends. */
  private void settle(Instance structure) {
    if (!settling.add(structure.path())) {
      return; // a group inside that ended at once: it goes on from the outside
    }
    strikeWithin(structure.path());
    settling.remove(structure.path());
    StepState state = walk.state(structure);
    boolean closing =
        state != null && state.status() == StepStatus.RUNNING && state.outcome() != null;
    if (closing && openWithin(structure).isEmpty()) {
      resume(structure); // unless a return inside has ended everything
    }
  }

  /** Closes the groups inside that hold no other one, until each such one is at its last steps. */
  void strikeWithin(String path) {
    for (Instance next = innermost(path); next != null; next = innermost(path)) {
      close(next, new Outcome(null, STRUCK, false));
    }
  }

  /**
   * A group inside that has not begun to close and holds no other one, and is no part of a {@code
   * finally} that is at work; null if there is none.
   */
  private Instance innermost(String path) {
    for (Instance group : openWithin(path)) {
      if (walk.state(group).outcome() == null
          && openWithin(group).isEmpty()
          && !isInFinally(group, path)) {
        return group;
      }
    }
    return null;
  }

  private void resume(Instance structure) {
    if (structure.kind() instanceof Kind.Group group && !group.atEnd().isEmpty()) {
      Step first = group.atEnd().getFirst();
      walk.enter(structure.inside(first));
    } else {
      end(structure);
    }
  }

  private void end(Instance structure) {
    StepState state = walk.state(structure);
    Outcome outcome = state.outcome();
    if (outcome.failure() == null) {
      walk.complete(structure, state.attempt(), outcome.output(), "");
    } else {
      walk.fail(structure, state.attempt(), outcome.failure(), outcome.handled());
    }
  }

  /** What is done in any case is done. */
  void closed(Instance group) {
    if (!struck(group, walk.state(group).outcome().failure(), null)) {
      end(group);
    }
  }

  /** It failed itself; what the group had failed with before is the failure that is kept. */
  void failed(Instance group, Failure failure, boolean handled) {
    StepState state = walk.state(group);
    Failure first = state.outcome().failure();
    if (!struck(group, first == null ? failure : first, failure)) {
      walk.fail(group, state.attempt(), first == null ? failure : first, first == null && handled);
    }
  }

  /**
   * A group inside of what ends has done its part: nothing of its own follows.
   *
   * @param own what its {@code finally} failed with; null if it did not
   * @return whether anything around it ends
   */
  private boolean struck(Instance group, Failure failure, Failure own) {
    Instance striker = striker(group);
    boolean allEnds = walk.closer().isSettling() && !isInFinally(group, "");
    if (striker == null && !allEnds) {
      return false;
    }
    Failure why = failure == null ? STRUCK : failure;
    int attempt = walk.state(group).attempt();
    walk.record(new Change.StepFailed(group.path(), attempt, why, -1, false));
    if (striker == null) {
      walk.closer().settled(group, own);
    } else {
      settle(striker);
    }
    return true;
  }

  /** The nearest structure around that ends and waits for the group; null if none does. */
  private Instance striker(Instance group) {
    Instance inner = group;
    for (Instance outer = group.around(walk.plan);
        outer != null && inner.place().slot() != Place.Slot.FINALLY;
        outer = outer.around(walk.plan)) {
      StepState state = walk.state(outer);
      if (state != null && state.status() == StepStatus.RUNNING && state.outcome() != null) {
        return outer;
      }
      inner = outer;
    }
    return null;
  }
}
