package io.orchestrator.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A bounded number of repetitions of one database operation, with growing pauses. Used by one
 * thread.
 */
final class Retry {
  private final long deadline = System.nanoTime() + Limits.OPERATION_MAX.toNanos();
  private Duration pause = Limits.RETRY_PAUSE;

  /** Pauses before the next attempt; false if there is no time left for one. */
  boolean again() {
    long left = deadline - System.nanoTime();
    if (left <= pause.toNanos()) {
      return false;
    }
    long until = System.nanoTime() + pause.toNanos();
    for (long rest = pause.toNanos(); rest > 0; rest = until - System.nanoTime()) {
      LockSupport.parkNanos(this, rest);
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(Limits.RETRY_PAUSE_MAX) < 0 ? doubled : Limits.RETRY_PAUSE_MAX;
    return true;
  }
}
