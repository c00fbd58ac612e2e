package io.orchestrator.functions;

import io.orchestrator.archive.Archive;
import io.orchestrator.archive.ArchiveException;
import io.orchestrator.archive.Archiver;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.insight.Counting;
import io.orchestrator.store.AuditSealer;
import io.orchestrator.telemetry.Log;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the sweeper does beside sweeping, each thing in its own rhythm. */
final class Tending {
  private static final Logger LOG = LoggerFactory.getLogger(Tending.class);

  /** The audit trail is sealed every few seconds. */
  private static final Duration SEALING = Duration.ofSeconds(4);

  /** Figures are as old as that, and a little. */
  private static final Duration COUNTING = Duration.ofSeconds(10);

  /** One call of the function counts for that long if much has gathered. */
  private static final long COUNTING_NANOS_MAX = Duration.ofSeconds(2).toNanos();

  /** What is to be archived is looked for so often, each time for so long. */
  private static final Duration ARCHIVING = Duration.ofMinutes(1);

  private static final Duration ARCHIVING_MAX = Duration.ofSeconds(4);

  /** What has outlived its retention is looked for once an hour. */
  private static final Duration PURGING = Duration.ofHours(1);

  /** Longer than seven years, whatever the leap years. */
  private static final Duration AUDIT_KEPT = Duration.ofDays(7 * 366);

  private final Wiring wiring;
  private final Lazy<AuditSealer> sealer;
  private final Guard guard;
  private final Lazy<Counting> counting;
  private final Lazy<HealthChecks> healthChecks;
  private final Rhythm sealing = new Rhythm(SEALING);
  private final Rhythm counts = new Rhythm(COUNTING);
  private final Rhythm archiving = new Rhythm(ARCHIVING);
  private final Rhythm purging = new Rhythm(PURGING);

  Tending(Wiring wiring) {
    this.wiring = wiring;
    this.sealer = new Lazy<>(wiring.stores()::auditSealer);
    this.guard = new Guard(new Lazy<>(wiring.stores()::trials), wiring.metrics());
    this.counting = new Lazy<>(wiring::counting);
    this.healthChecks = new Lazy<>(wiring::healthChecks);
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
    if (archiving.isTime()) {
      archive();
    }
    if (purging.isTime()) {
      counting.get().purge();
      sealer.get().purge(AUDIT_KEPT);
    }
    // Last: it waits for others.
    healthChecks.get().check();
  }

  private void count() {
    long end = System.nanoTime() + COUNTING_NANOS_MAX;
    int counted;
    do {
      counted = counting.get().count();
      wiring.metrics().count("Counted", counted, Map.of());
    } while (counted > 0 && System.nanoTime() - end < 0);
  }

  /** What the archive does not take stays in the database, and everything else goes on. */
  private void archive() {
    try (Archive archive = wiring.archive()) {
      if (archive != null) {
        int archived =
            new Archiver(wiring.stores().archiveRows(), archive)
                .archive(Sweeper.RETENTION, ARCHIVING_MAX);
        wiring.metrics().count("Archived", archived, Map.of());
      }
    } catch (ArchiveException away) {
      wiring.metrics().count("ArchiveFailed", 1, Map.of());
      LOG.error("The archive keeps nothing, so nothing is deleted", away);
    }
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
