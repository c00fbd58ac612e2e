package io.orchestrator.functions;

import io.orchestrator.store.TrialRows;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Looks, now and then, for canaries that fail too often, and takes them out of their routes. */
final class Guard {
  /** Often enough to stop a bad version soon, rarely enough to cost an idle database nothing. */
  private static final Duration PACE = Duration.ofSeconds(3);

  /** Who changed a route because its guard said so. */
  private static final String NAME = "guard";

  private final Lazy<TrialRows> trials;
  private final Metrics metrics;
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PACE.toNanos());

  Guard(Lazy<TrialRows> trials, Metrics metrics) {
    this.trials = trials;
    this.metrics = metrics;
  }

  /** Looks unless this process has just looked. */
  void watch() {
    long now = System.nanoTime();
    long last = lastNanos.get();
    if (now - last >= PACE.toNanos() && lastNanos.compareAndSet(last, now)) {
      trials.get().guard(NAME).forEach(this::tell);
    }
  }

  private void tell(TrialRows.RolledBack back) {
    metrics.count("RouteRolledBack", 1, Map.of());
    Log.event(
        "route_rolled_back",
        "tenant",
        back.tenant(),
        "flow",
        back.flow(),
        "from",
        back.version(),
        "to",
        back.stable(),
        "why",
        back.note());
  }

  void keepHouse() {
    trials.get().purge();
  }
}
