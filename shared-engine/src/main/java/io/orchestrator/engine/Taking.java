package io.orchestrator.engine;

import io.orchestrator.cache.Claim;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Status;
import io.orchestrator.flow.Plan;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.Optional;

/**
 * Takes executions in hand that hints name, unless somebody else has them. It keeps calls from
 * being doubled as far as that can be known; that nothing is committed twice is the fence's part.
 */
record Taking(Parts parts, Starts starts) {
  /** Why an execution may be taken. */
  private enum Reason {
    /** A hint that its last commit has sent. */
    HINT,
    /** The sweeper found that nobody looked after it in time. */
    SWEPT,
    /** The same, but the execution has moved since: whoever moved it has sent another one. */
    STALE,
    /** A word came for this process when it had just let go. */
    WORD
  }

  /**
   * Moves an execution on as far as it goes in this process within the budget.
   *
   * @throws StoreException when the database cannot be reached: the hint should come again
   */
  void advance(Hint hint, Duration budget) {
    boolean fresh = hint.kind() != Hint.Kind.SWEPT;
    if (fresh && !parts.handovers().claims(hint)) {
      return;
    }
    Handovers.Handover kept = fresh ? parts.handovers().take(hint) : null;
    if (kept != null && !kept.execution().isHeld()) {
      Plan plan = parts.plan(hint.execution(), hint.tenant(), kept.flow(), kept.version());
      hold(
          new RunAhead(parts, plan, kept.execution(), kept.history(), hint.traceparent(), budget),
          null,
          null);
      return;
    }
    try {
      advanceStored(hint, fresh ? Reason.HINT : Reason.SWEPT, budget);
    } catch (StoreException unreachable) {
      parts.handovers().release(hint);
      throw unreachable;
    }
  }

  private void advanceStored(Hint hint, Reason reason, Duration budget) {
    Optional<Stored> found = parts.recent().load(hint.execution());
    if (found.isEmpty() || !isAlive(found.get())) {
      return;
    }
    Stored stored = found.get();
    parts.time().heard(stored.readAt());
    Plan plan = parts.plan(stored);
    Execution execution = parts.fold(stored);
    if (execution.isHeld()) {
      parts.handovers().release(hint); // whoever leaves next calls again, for the same revision
      starts.turn(plan, execution);
      return;
    }
    if (execution.status() == Status.PAUSED) {
      return;
    }
    RunAhead run =
        new RunAhead(parts, plan, execution, stored.history(), stored.traceparent(), budget);
    boolean stale = reason == Reason.HINT && stored.revision() != hint.revision();
    hold(run, stored, stale ? Reason.STALE : reason);
  }

  private static boolean isAlive(Stored stored) {
    Status status = Status.of(stored.status());
    return !status.isFinal() && status != Status.QUARANTINED;
  }

  /**
   * Runs it unless it is in hand already, in which case whoever has it looks again.
   *
   * @param stored as it was read; null if it was handed over, and then it is free
   */
  private void hold(RunAhead run, Stored stored, Reason reason) {
    if (!parts.leases().hold(run.id(), run)) {
      return;
    }
    try {
      if (stored == null) {
        run.recover(); // whoever let it go had no call in flight, but may not have been its owner
      }
      if (stored == null || takes(stored, reason, run)) {
        run.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      parts.leases().release(run.id(), run);
    }
    if (run.missedNudge()) { // it came when the run was about to let go
      advanceStored(run.hint(Hint.Kind.RUN), Reason.WORD, run.budget());
    }
  }

  /** Whether this process may run the execution: nobody else has it. */
  private boolean takes(Stored stored, Reason reason, RunAhead run) throws InterruptedException {
    boolean mine = parts.leases().owner().equals(stored.owner());
    if (stored.isLeased() && !mine) {
      return false;
    }
    boolean waits = stored.status().equals(Status.WAITING.text());
    boolean takes =
        switch (reason) {
          case HINT -> stored.owner() == null || run.rests() || claims(stored, run);
          case SWEPT -> (waits && stored.owner() == null) || run.rests() || outlives(stored, run);
          case STALE -> !waits && wins(stored) == Claim.WON && claims(stored, run);
          case WORD ->
              (waits && stored.owner() == null)
                  || run.rests()
                  || (wins(stored) != Claim.LOST && claims(stored, run));
        };
    if (takes) {
      run.recover();
    }
    boolean left = takes && stored.owner() != null;
    if (left && !mine) {
      parts.observer().takenOver(stored.id());
    }
    if (left && (!mine || reason == Reason.SWEPT)) {
      run.settleRow();
    }
    return takes;
  }

  /**
   * Takes what the sweeper has found. Its own hint may merely be late, and loses from here on; or
   * somebody took it a moment ago and has not written a lease yet, and is given the time to do so.
   */
  private boolean outlives(Stored stored, RunAhead run) throws InterruptedException {
    boolean first = parts.handovers().supersede(stored.id(), stored.revision()) == Claim.WON;
    if (!first && stored.owner() == null) {
      run.pause(Limits.SIGN_OF_LIFE);
    }
    return claims(stored, run);
  }

  /** Whether this is the first to take the execution as it stands. */
  private Claim wins(Stored stored) {
    return parts.handovers().claim(stored.id(), stored.revision());
  }

  /** Takes it by a committed claim, which counts: what ends its processes is given up. */
  private boolean claims(Stored stored, RunAhead run) {
    int strikes =
        parts.store().claim(stored.id(), stored.revision(), parts.leases().owner(), Limits.LEASE);
    if (strikes == 0) {
      return false;
    }
    run.leased();
    if (strikes >= Limits.STRIKES_MAX) {
      run.abandon();
    }
    return true;
  }
}
