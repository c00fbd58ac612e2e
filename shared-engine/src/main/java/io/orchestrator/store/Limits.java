package io.orchestrator.store;

import java.time.Duration;

/** Every bound of this package. */
final class Limits {
  /**
   * Commits in one statement: beyond it, a longer statement saves nothing and delays its first
   * member.
   */
  static final int GROUP_MAX = 128;

  /** Statements under way at once. */
  static final int COMMITTERS = 3;

  /** A commit that waits longer than that for the group before it may open another one. */
  static final Duration GROUP_WAIT_MAX = Duration.ofMillis(20);

  /** Within that time a commit or a reading is done or has failed. */
  static final Duration OPERATION_MAX = Duration.ofSeconds(5);

  /** Pause before the first repetition; doubled for each further one. */
  static final Duration RETRY_PAUSE = Duration.ofMillis(10);

  static final Duration RETRY_PAUSE_MAX = Duration.ofMillis(250);

  /** How long a caller waits for a connection of the pool before it counts as a fault. */
  static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(1);

  /** A silent socket is given up after that; the server ends statements after 5 s. */
  static final Duration SOCKET_SILENCE_MAX = Duration.ofSeconds(7);

  /** A connection that was used that long ago needs no trial; longer than from sweep to sweep. */
  static final Duration TRUSTED = Duration.ofSeconds(5);

  /** Rows of a page. */
  static final int PAGE_MAX = 100;

  private Limits() {}
}
