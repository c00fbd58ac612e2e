package io.orchestrator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The database's clock as this process knows it: the last time it heard, plus what the monotonic
 * clock says since.
 */
final class DatabaseTime {
  private record Reading(Instant at, long nanos) {}

  private final Supplier<Instant> database;
  private final LongSupplier nanos;
  private final AtomicReference<Reading> last = new AtomicReference<>();

  DatabaseTime(Supplier<Instant> database, LongSupplier nanos) {
    this.database = database;
    this.nanos = nanos;
  }

  /** Takes note of a time that the database has just said. */
  void heard(Instant at) {
    last.set(new Reading(at, nanos.getAsLong()));
  }

  /** Now, asking the database only if it has never been heard. */
  Instant now() {
    Reading reading = last.get();
    if (reading == null) {
      heard(database.get());
      reading = last.get();
    }
    return reading.at().plus(Duration.ofNanos(nanos.getAsLong() - reading.nanos()));
  }
}
