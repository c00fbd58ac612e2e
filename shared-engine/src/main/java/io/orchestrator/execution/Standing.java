package io.orchestrator.execution;

import java.util.ArrayList;
import java.util.List;

/**
 * How an execution stands as a whole, beside its steps.
 *
 * @param owed what has to be undone first if it does not end well; null if nothing
 * @param undoFailed whether something could not be undone
 * @param closing how it is ending; null while it is at work
 * @param paused whether no call may begin until it is resumed
 * @param held whether it waits for its turn before its first step
 * @param calls how many were begun, repetitions not counted
 * @param used what they reported to have cost
 * @param raised what it has instead of its flow's budget
 * @param halted steps that ended while it is paused, in that order: nothing has followed them yet
 */
record Standing(
    Owed owed,
    boolean undoFailed,
    Closing closing,
    boolean paused,
    boolean held,
    long calls,
    Usage used,
    Raise raised,
    List<String> halted) {
  static final Standing NONE =
      new Standing(null, false, null, false, false, 0, Usage.NONE, Raise.NONE, List.of());

  /** Something more has to be undone, before everything else. */
  Standing owing(String path, Steps seen) {
    return with(new Owed(path, seen, owed), undoFailed);
  }

  /** Something was undone, or could not be. */
  Standing undone(String path, boolean failed) {
    return with(Owed.without(owed, path), undoFailed || failed);
  }

  private Standing with(Owed all, boolean failed) {
    return new Standing(all, failed, closing, paused, held, calls, used, raised, halted);
  }

  Standing closing(Closing next) {
    return new Standing(owed, undoFailed, next, paused, held, calls, used, raised, halted);
  }

  Standing paused(boolean now, Raise more) {
    List<String> still = now ? halted : List.of();
    return new Standing(
        owed, undoFailed, closing, now, held, calls, used, raised.then(more), still);
  }

  /** A step has ended, and what follows it waits. */
  Standing halted(String path) {
    List<String> more = new ArrayList<>(halted);
    more.add(path);
    return new Standing(
        owed, undoFailed, closing, paused, held, calls, used, raised, List.copyOf(more));
  }

  /** It goes on, and what its calls have cost by now is not given back. */
  Standing restored(long made, Usage cost) {
    return new Standing(
        owed, undoFailed, closing, false, false, made, cost, raised, List.of());
  }

  Standing held(boolean now) {
    return new Standing(owed, undoFailed, closing, paused, now, calls, used, raised, halted);
  }

  Standing called(int more) {
    return more == 0
        ? this
        : new Standing(owed, undoFailed, closing, paused, held, calls + more, used, raised, halted);
  }

  Standing used(Usage more) {
    return more.isNothing()
        ? this
        : new Standing(
            owed, undoFailed, closing, paused, held, calls, used.plus(more), raised, halted);
  }

  boolean isIn(Closing.Phase phase) {
    return closing != null && closing.phase() == phase;
  }
}
