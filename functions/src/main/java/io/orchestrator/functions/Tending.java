package io.orchestrator.functions;

import io.orchestrator.insight.Counting;
import io.orchestrator.store.AuditSealer;
import io.orchestrator.telemetry.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the sweeper does beside sweeping, each thing in its own rhythm. */
final class Tending {
  /** The audit trail is sealed every few seconds. */
  private static final Duration SEALING = Duration.ofSeconds(4);

  /** Figures are as old as that, and a little. */
  private static final Duration COUNTING = Duration.ofSeconds(10);

  /** One call of the function counts for that long if much has gathered. */
  private static final long COUNTING_NANOS_MAX = Duration.ofSeconds(2).toNanos();

  /** What has outlived its retention is looked for once an hour. */
  private static final Duration PURGING = Duration.ofHours(1);

  /** Longer than seven years, whatever the leap years. */
  private static final Duration AUDIT_KEPT = Duration.ofDays(7 * 366);

  private final Wiring wiring;
  private final Lazy<AuditSealer> sealer;
  private final Guard guard;
  private final Lazy<Counting> counting;
  private final Rhythm sealing = new Rhythm(SEALING);
  private final Rhythm counts = new Rhythm(COUNTING);
  private final Rhythm purging = new Rhythm(PURGING);

  Tending(Wiring wiring) {
    this.wiring = wiring;
    this.sealer = new Lazy<>(wiring::auditSealer);
    this.guard = new Guard(new Lazy<>(wiring::trials), wiring.metrics());
    this.counting = new Lazy<>(wiring::counting);
  }

  /** Does what it is time for. */
  void tend() {
    guard.watch();
    if (sealing.isTime()) {
      seal();
    }
    if (counts.isTime()) {
      count();
    }
    if (purging.isTime()) {
      counting.get().purge();
      sealer.get().purge(Instant.now().minus(AUDIT_KEPT));
    }
  }

  private void count() {
    long end = System.nanoTime() + COUNTING_NANOS_MAX;
    int counted;
    do {
      counted = counting.get().count();
      wiring.metrics().count("Counted", counted, Map.of());
    } while (counted > 0 && System.nanoTime() - end < 0);
  }

  /** What is enough once in a while. */
  void keepHouse() {
    guard.keepHouse();
  }

  /** The log is out of the database's reach: a hash in it vouches for the trail up to there. */
  private void seal() {
    for (AuditSealer.Sealed sealed : sealer.get().seal()) {
      wiring.metrics().count("AuditSealed", sealed.lines(), Map.of());
      Log.event(
          "audit_sealed",
          "tenant",
          sealed.tenant(),
          "seal",
          sealed.seal(),
          "lines",
          sealed.lines(),
          "hash",
          sealed.hash());
    }
  }

  /** Says of one caller at a time that it is time again, by this process's own clock. */
  private static final class Rhythm {
    private final long pauseNanos;
    private final AtomicLong lastNanos;

    Rhythm(Duration pause) {
      this.pauseNanos = pause.toNanos();
      this.lastNanos = new AtomicLong(System.nanoTime() - pauseNanos);
    }

    boolean isTime() {
      long now = System.nanoTime();
      long last = lastNanos.get();
      return now - last >= pauseNanos && lastNanos.compareAndSet(last, now);
    }
  }
}
