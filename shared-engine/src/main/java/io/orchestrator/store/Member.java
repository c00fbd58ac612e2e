package io.orchestrator.store;

import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A commit on its way to the database, the caller that waits for it, and in the end its verdict.
 */
final class Member {
  final Commit commit;

  /** What it changes beside; null if nothing. */
  final Repair repair;

  /** Written into every row, so that a lost answer can be looked up. */
  final long commitId = ThreadLocalRandom.current().nextLong();

  private final Thread caller = Thread.currentThread();

  /** What the commit tells the audit trail; null if nothing. */
  final AuditEntry told;

  /** Whether an attempt of it ended without an answer; used by the sending thread only. */
  boolean unsure;

  /** Whether it has left the queue, so that its caller has nothing to do but wait. */
  private volatile boolean taken;

  /** A verdict or an exception. */
  private volatile Object outcome;

  Member(Commit commit) {
    this(commit, null);
  }

  Member(Commit commit, Repair repair) {
    this.commit = Objects.requireNonNull(commit, "commit");
    this.repair = repair;
    this.told = Acting.of(commit);
  }

  boolean isTaken() {
    return taken;
  }

  void take() {
    taken = true;
  }

  boolean isDone() {
    return outcome != null;
  }

  void settle(Verdict verdict) {
    finish(verdict);
  }

  void fail(StoreException problem) {
    finish(problem);
  }

  private void finish(Object result) {
    if (outcome == null) {
      outcome = result;
      if (Thread.currentThread() != caller) {
        LockSupport.unpark(caller);
      }
    }
  }

  void wake() {
    LockSupport.unpark(caller);
  }

  Verdict verdict() {
    return switch (outcome) {
      case Verdict verdict -> verdict;
      // A new one, for the stack of the caller that sees it.
      case StoreException problem -> throw new StoreException(problem.getMessage(), problem);
      default ->
          throw new IllegalStateException("an outcome is a verdict or an exception: " + outcome);
    };
  }

  /** The rows that it guards: two commits with an equal one cannot share a statement. */
  Object[] rows() {
    Commit.IdempotencyKey key = commit.opening() == null ? null : commit.opening().key();
    return key == null
        ? new Object[] {commit.execution()}
        : new Object[] {
          commit.execution(), new KeyOf(commit.opening().tenant(), key.source(), key.key())
        };
  }

  /** The primary key of an idempotency key. */
  record KeyOf(String tenant, String source, String key) {}
}
