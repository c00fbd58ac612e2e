package io.orchestrator.cache;

/** The answer to a claim on one revision of an execution. */
public enum Claim {
  /** Nobody else has claimed this revision: go on. */
  WON,
  /**
   * Somebody else has: leave it. If that one dies, the sweeper finds the execution by its due time.
   */
  LOST,
  /** Redis did not say: go on; a call may then be made twice, with the same idempotency key. */
  UNKNOWN
}
