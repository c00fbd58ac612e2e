package io.orchestrator.adapter.guard;

import java.time.Duration;

/** What a circuit says to a call. */
public sealed interface Entry {
  /**
   * Go on, and say how it ended.
   *
   * @param probe names the one call that a half-open circuit lets through; empty for any other
   */
  record Passed(String probe) implements Entry {
    static final Passed FREELY = new Passed("");
  }

  /**
   * Do not call.
   *
   * @param pause before it asks again
   */
  record Barred(Duration pause) implements Entry {}
}
