package io.orchestrator.execution;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.List;

/**
 * How a group ends: whatever comes of its steps, what stands under {@code finally} is done before
 * its own retry and handlers hear of it.
 */
final class Groups {
  private final Walk walk;

  Groups(Walk walk) {
    this.walk = walk;
  }

  /** The steps of a structure that is no loop have come to their end. */
  void ended(Instance structure, Object output) {
    if (closes(structure)) {
      close(structure, new Outcome(output, null, false));
    } else {
      walk.complete(structure, walk.state(structure).attempt(), output, "");
    }
  }

  /** Whether a structure has steps that are to be done before it may end. */
  boolean closes(Instance structure) {
    StepState state = walk.state(structure);
    return structure.kind() instanceof Kind.Group group
        && !group.atEnd().isEmpty()
        && state != null
        && state.status() == StepStatus.RUNNING
        && state.outcome() == null;
  }

  void close(Instance group, Outcome outcome) {
    walk.record(
        new Change.StepClosing(
            group.path(),
            walk.state(group).attempt(),
            outcome.output(),
            outcome.failure(),
            outcome.handled()),
        walk.activeWithin(group.path()),
        List.of());
    Step first = ((Kind.Group) group.kind()).atEnd().getFirst();
    walk.enter(group.inside(first));
  }

  /** What is done in any case is done. */
  void closed(Instance group) {
    StepState state = walk.state(group);
    Outcome outcome = state.outcome();
    if (outcome.failure() == null) {
      walk.complete(group, state.attempt(), outcome.output(), "");
    } else {
      walk.fail(group, state.attempt(), outcome.failure(), outcome.handled());
    }
  }

  /** It failed itself; what the group had failed with before is the failure that is kept. */
  void failed(Instance group, Failure failure, boolean handled) {
    StepState state = walk.state(group);
    Failure first = state.outcome().failure();
    walk.fail(group, state.attempt(), first == null ? failure : first, first == null && handled);
  }
}
