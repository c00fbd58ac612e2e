package io.orchestrator.adapter.guard;

/** What a call tells a circuit about the service. */
public enum Outcome {
  /** It is there, whatever it thinks of the call. */
  ANSWERED,
  /** It is away, too slow, or broken. */
  FAILED,
  /** Nothing: the call never got there. */
  UNKNOWN
}
