package io.orchestrator.engine;

import java.time.Duration;

/** The bounds of the engine. */
public final class Limits {
  /** How long an execution belongs to the process that makes its calls, unless it renews that. */
  public static final Duration LEASE = Duration.ofSeconds(2);

  /** What has not moved for that long is renewed. */
  static final Duration RENEWAL = Duration.ofSeconds(1);

  /** How often a process looks whether something has to be renewed. */
  static final Duration RENEWAL_LOOK = Duration.ofMillis(200);

  /**
   * Whoever has taken an execution whose last commit is over a second old has either moved it or
   * written a lease after that time: two looks.
   */
  static final Duration SIGN_OF_LIFE = RENEWAL_LOOK.multipliedBy(2);

  /** Histories of at least so many lines are kept in the process. */
  static final int RECENT_LINES_MIN = 64;

  /** How many of them, and how much text they may have together. */
  static final int RECENT_MAX = 64;

  static final long RECENT_CHARS_MAX = 16L << 20;

  /** A timer that is due sooner is waited for in the process. */
  static final Duration WAIT_IN_PROCESS_MAX = Duration.ofMillis(500);

  /** Below this rest of its time a process hands over instead of starting another call. */
  static final Duration BUDGET_MIN = Duration.ofSeconds(1);

  /** The longest delay that a queue can hold back a message (SQS). */
  static final Duration HINT_DELAY_MAX = Duration.ofMinutes(15);

  /** A call that may take longer belongs to the slow queue. */
  static final Duration QUICK_CALL_MAX = Duration.ofSeconds(10);

  /** How often a lost owner is replaced before the step is given up. */
  static final int STRIKES_MAX = 5;

  /** How often a lost race is run again before the hint is left to the sweeper. */
  static final int RACES_MAX = 50;

  /** How many hints one tick of the sweeper sends. */
  static final int SWEEP_MAX = 500;

  /** Ticks come every two seconds; when none has for that long, step runners sweep. */
  static final Duration SWEEP_MISSED = Duration.ofSeconds(4);

  private Limits() {}
}
