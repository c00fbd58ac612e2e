package io.orchestrator.adapter.guard;

import io.orchestrator.cache.Cache;
import java.time.Duration;

/**
 * Who may call now and who waits: counted over all processes while Redis answers, by this process
 * alone while it does not. Safe for many threads.
 */
public final class Rates {
  private final CallCounts shared;
  private final CallCounts own;

  private Rates(CallCounts shared, CallCounts own) {
    this.shared = shared;
    this.own = own;
  }

  /** Shared in that Redis, if there is one. */
  public static Rates in(Cache cache) {
    CallCounts own = new OwnCounts(Circuits::millis);
    return new Rates(cache.exists() ? new SharedCounts(cache) : own, own);
  }

  /** Counts a call if there is room; else says how long to wait. */
  public Duration take(Guarded guarded, RateLimit limit) {
    return shared.take(guarded, limit).or(() -> own.take(guarded, limit)).orElse(Duration.ZERO);
  }
}
