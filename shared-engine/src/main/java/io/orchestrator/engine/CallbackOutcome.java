package io.orchestrator.engine;

/** What became of an answer to a wait. */
public enum CallbackOutcome {
  /** It is the first, and it counts. */
  ACCEPTED,
  /** The same answer was given before. */
  SAME,
  /** Another answer was given before. */
  DIFFERENT,
  /** Nobody waits for it any more. */
  LATE,
  /** There is no such wait. */
  UNKNOWN
}
