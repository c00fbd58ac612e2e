package io.orchestrator.functions;

import java.time.Duration;

/** The bounds of what comes in over HTTP. */
final class Limits {
  /** A definition, an input, a webhook's or a callback's body. */
  static final int BODY_BYTES_MAX = 256 * 1024;

  /** Problems named in one answer. */
  static final int ERRORS_MAX = 50;

  static final int IDEMPOTENCY_KEY_CHARS_MAX = 200;
  static final int PAGE_MAX = 100;
  static final int PAGE_DEFAULT = 20;
  static final int SEARCH_CHARS_MAX = 200;
  static final int SEARCH_ATTRIBUTES_MAX = 10;
  static final int CURSOR_CHARS_MAX = 512;
  static final int REASON_CHARS_MAX = 1000;

  /** Steps shown with an execution; the rest comes by cursor. */
  static final int STEPS_SHOWN_MAX = 200;

  /** Characters of a part's value in the explanation of an expression. */
  static final int EXPLAINED_CHARS_MAX = 8 * 1024;

  /** How long a call may wait for the end of what it started: the gateway gives up after 30 s. */
  static final Duration WAIT_MAX = Duration.ofSeconds(25);

  /** Digits of a revision in a query. */
  static final int REVISION_DIGITS_MAX = 9;

  /** How long a call to an adapter may take that somebody waits for. */
  static final Duration CALL_MAX = Duration.ofSeconds(20);

  /** How long an idempotency key of the API is remembered. */
  static final Duration KEY_KEPT = Duration.ofHours(24);

  /** How long a webhook's event id is remembered. */
  static final Duration EVENT_KEPT = Duration.ofDays(7);

  /**
   * What a step runner leaves of its time, so that it is never cut off in the middle of a commit.
   */
  static final Duration RESERVE = Duration.ofSeconds(5);

  private Limits() {}
}
