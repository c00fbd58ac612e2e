package io.orchestrator.rehearsal;

import java.time.Duration;
import java.time.Instant;

/** Bounds and usual values of rehearsals. */
final class Limits {
  /** When a rehearsal starts unless its test says otherwise. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** How many transitions one may have, as many as an execution. */
  static final int TRANSITIONS_MAX = 50_000;

  /** How long the tests of a flow may take on this machine. */
  static final Duration TESTS_TIME_MAX = Duration.ofMinutes(5);

  /** How long a call may take whose adapter is not known. */
  static final Duration CALL_MAX = Duration.ofSeconds(10);

  /** How deep sub-flows may be rehearsed within each other. */
  static final int FLOWS_DEEP_MAX = 8;

  private Limits() {}
}
