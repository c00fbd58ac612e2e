package io.orchestrator.functions;

import io.orchestrator.store.AuditSealer;
import io.orchestrator.telemetry.Log;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the sweeper does beside sweeping, each thing in its own rhythm. */
final class Tending {
  /** The audit trail is sealed every few seconds. */
  private static final Duration SEALING = Duration.ofSeconds(4);

  private final Wiring wiring;
  private final Lazy<AuditSealer> sealer;
  private final Rhythm sealing = new Rhythm(SEALING);

  Tending(Wiring wiring) {
    this.wiring = wiring;
    this.sealer = new Lazy<>(wiring::auditSealer);
  }

  /** Does what it is time for. */
  void tend() {
    if (sealing.isTime()) {
      seal();
    }
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
