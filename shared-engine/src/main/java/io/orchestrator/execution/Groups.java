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

  /** The groups inside that have a {@code finally} and are at work. */
  private List<Instance> openWithin(Instance structure) {
    List<Instance> open = new ArrayList<>();
    for (StepState state : walk.execution().active()) {
      boolean inside =
          state.structure()
              && state.status() == StepStatus.RUNNING
              && !InstancePath.isIteration(state.path())
              && InstancePath.isWithin(state.path(), structure.path());
      if (inside && hasFinally(walk.at(state.path()))) {
        open.add(walk.at(state.path()));
      }
    }
    return open;
  }

  /** Cancels what is at work inside, except what has to be done first, and begins that. */
  void close(Instance structure, Outcome outcome) {
    Set<String> kept = new HashSet<>();
    for (Instance group : openWithin(structure)) {
      kept.add(group.path());
      if (walk.state(group).outcome() != null) {
        kept.addAll(walk.activeWithin(group.path()));
      }
    }
    List<String> cancelled = new ArrayList<>(walk.activeWithin(structure.path()));
    cancelled.removeAll(kept);
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
    for (Instance next = innermost(structure); next != null; next = innermost(structure)) {
      close(next, new Outcome(null, STRUCK, false));
    }
    settling.remove(structure.path());
    StepState state = walk.state(structure);
    boolean closing =
        state != null && state.status() == StepStatus.RUNNING && state.outcome() != null;
    if (closing && openWithin(structure).isEmpty()) {
      resume(structure); // unless a return inside has ended everything
    }
  }

  /** A group inside that has not begun to close and holds no other one; null if there is none. */
  private Instance innermost(Instance structure) {
    for (Instance group : openWithin(structure)) {
      if (walk.state(group).outcome() == null && openWithin(group).isEmpty()) {
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
    Instance striker = striker(group);
    if (striker == null) {
      end(group);
    } else {
      struck(group, striker, walk.state(group).outcome().failure());
    }
  }

  /** It failed itself; what the group had failed with before is the failure that is kept. */
  void failed(Instance group, Failure failure, boolean handled) {
    StepState state = walk.state(group);
    Failure first = state.outcome().failure();
    Instance striker = striker(group);
    if (striker == null) {
      walk.fail(group, state.attempt(), first == null ? failure : first, first == null && handled);
    } else {
      struck(group, striker, first == null ? failure : first);
    }
  }

  /** A group inside of what ends has done its part: nothing of its own follows. */
  private void struck(Instance group, Instance striker, Failure failure) {
    Failure why = failure == null ? STRUCK : failure;
    int attempt = walk.state(group).attempt();
    walk.record(new Change.StepFailed(group.path(), attempt, why, -1, false));
    settle(striker);
  }

  /** The nearest structure around that ends and waits for the group; null if none does. */
  private Instance striker(Instance group) {
    Instance inner = group;
    for (Instance outer = group.around(walk.plan);
        outer != null && inner.place().slot() != Place.Slot.FINALLY;
        outer = outer.around(walk.plan)) {
      StepState state = walk.state(outer);
      if (state.status() == StepStatus.RUNNING && state.outcome() != null) {
        return outer;
      }
      inner = outer;
    }
    return null;
  }
}
