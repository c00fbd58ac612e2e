package io.orchestrator.adapter.guard;

import java.time.Duration;
import java.util.Optional;

/**
 * Where calls are counted against limits. A call is counted atomically, or not at all; the answer
 * is empty if the place cannot be asked now. Safe for many threads.
 */
interface CallCounts {
  /**
   * Counts a call if there is room.
   *
   * @return zero if it may be made; else how long to wait. Whoever is told to wait is told a later
   *     time than those before, so that they do not all come back at once
   */
  Optional<Duration> take(Guarded guarded, RateLimit limit);
}
