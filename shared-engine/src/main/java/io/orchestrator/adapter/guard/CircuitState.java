package io.orchestrator.adapter.guard;

/** What a circuit does with calls. */
public enum CircuitState {
  /** It lets every call through and counts failures. */
  CLOSED,
  /** It lets none through for a while. */
  OPEN,
  /** It lets a single one through, which decides. */
  HALF_OPEN,
  /** It lets none through until somebody releases it. */
  FORCED_OPEN
}
