package io.orchestrator.engine;

/** What became of a signal. */
public enum SignalOutcome {
  /** It is taken, or kept until a step waits for it. */
  ACCEPTED,
  /** It was accepted before. */
  SAME,
  /** Another one was accepted under the same key. */
  DIFFERENT,
  /** So many are kept that no more are. */
  FULL,
  /** The execution has ended. */
  LATE,
  /** There is no such execution, or its flow never waits for such a signal. */
  UNKNOWN
}
