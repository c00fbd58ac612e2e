package io.orchestrator.execution;

import java.util.Map;

/**
 * How a step had finished that is not run again.
 *
 * @param attempt that finished it; 0 if none did
 * @param vars variables that it set; null if it set none
 * @param servedBy the adapter that answered instead of its own; empty if none
 * @param skipped whether it was passed over
 */
public record Kept(
    int attempt, Object output, Map<String, Object> vars, String servedBy, boolean skipped) {

  static Kept skip() {
    return new Kept(0, null, null, "", true);
  }

  /** The same with another output, as somebody has said. */
  static Kept saying(Kept kept, Object output) {
    return kept == null || kept.skipped
        ? new Kept(0, output, null, "", false)
        : new Kept(kept.attempt, output, kept.vars, kept.servedBy, false);
  }
}
