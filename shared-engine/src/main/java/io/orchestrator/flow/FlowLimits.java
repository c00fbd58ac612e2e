package io.orchestrator.flow;

import java.time.Duration;

/** The bounds of a flow, each with its unit in its name. */
public final class FlowLimits {
  /** Bytes of a definition. */
  public static final int TEXT_BYTES_MAX = 256 * 1024;

  /** Nested maps and lists of a definition. */
  public static final int DEPTH_MAX = 32;

  /** Significant digits of a number. */
  public static final int NUMBER_DIGITS_MAX = 40;

  /** The largest power of ten of a number, in either direction. */
  public static final int NUMBER_EXPONENT_MAX = 308;

  /** Steps of a flow, those of handlers too. */
  public static final int STEPS_MAX = 50;

  /** Steps inside steps; a step of the flow itself is at 1. */
  public static final int NESTING_MAX = 8;

  /** Items of a foreach. */
  public static final int ITEMS_MAX = 10_000;

  /** Items of a foreach or branches of a parallel that may be at work at the same time. */
  public static final int CONCURRENCY_MAX = 1_000;

  /** Rounds that a repeat may ask for. */
  public static final int ROUNDS_MAX = 10_000;

  /** Calls in all that a retry may ask for. */
  public static final int ATTEMPTS_MAX = 1_000;

  /** How long a timer, a timeout or a delay may be. */
  public static final Duration WAIT_MAX = Duration.ofDays(365);

  /** How long an await without a timeout waits. */
  public static final Duration AWAIT_DEFAULT = Duration.ofDays(7);

  /** How long an event can be taken by a wait that begins after it. */
  public static final Duration EVENT_KEPT = Duration.ofDays(7);

  /** How far the time of a signed request may be from ours. */
  public static final Duration TOLERANCE_MAX = Duration.ofDays(1);

  /** How long the sender of a request may wait for the end of what it has started. */
  public static final Duration RESPOND_MAX = Duration.ofSeconds(25);

  /** The same if the flow does not say it. */
  public static final Duration RESPOND_DEFAULT = Duration.ofSeconds(10);

  /** Persons that one decision may need. */
  public static final int QUORUM_MAX = 100;

  /** Lines that the history of an execution may have if its budget says nothing. */
  public static final long TRANSITIONS_DEFAULT = 50_000;

  /** Lines that a budget may allow. */
  public static final long TRANSITIONS_MAX = 1_000_000;

  /** Executions of one key that a flow may have at work at the same time. */
  public static final long CONCURRENT_EXECUTIONS_MAX = 10_000;

  /** How long the key of a flow's idempotency is remembered if the flow does not say. */
  public static final Duration KEY_TTL_DEFAULT = Duration.ofDays(1);

  /** Search attributes of a flow. */
  public static final int SEARCH_MAX = 20;

  /** Errors in one answer. */
  public static final int PROBLEMS_MAX = 50;

  private FlowLimits() {}
}
