package io.orchestrator.catalog;

import io.orchestrator.flow.Cron;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.ScheduleRows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which instants of a schedule start an execution. Pure: time comes in with the row.
 *
 * @param schedule as the version writes it
 */
record DueTimes(Trigger.Schedule schedule, Cron cron, ZoneId zone) {
  /** What is later than that has been missed: nobody has looked for a while. */
  static final Duration PUNCTUAL = Duration.ofMinutes(1);

  /** So many instants wait for their execution at most; what is beyond is looked at again later. */
  static final int PENDING_MAX = 100;

  /** What the text means; the checker has read it before. */
  static DueTimes of(Trigger.Schedule schedule) {
    if (Cron.read(schedule.cron()) instanceof Cron.Reading.Times times) {
      return new DueTimes(schedule, times.cron(), ZoneId.of(schedule.timezone()));
    }
    throw new IllegalArgumentException("'" + schedule.cron() + "' is not a schedule");
  }

  /** What makes it the same schedule in another version. */
  String name() {
    return String.join(" ", schedule.cron().strip().split("\\s+", -1)) + " " + schedule.timezone();
  }

  /** The first time after a moment; null for none. */
  Instant after(Instant moment) {
    return cron.after(moment, zone);
  }

  /**
   * A row after a decision about everything that is due by its time.
   *
   * @param missed how many instants start nothing
   */
  record Decided(ScheduleRows.Row row, int missed) {}

  Decided decide(ScheduleRows.Row row) {
    Instant now = row.now();
    if (row.nextAt() == null || row.nextAt().isAfter(now)) {
      return new Decided(row, 0);
    }
    List<Instant> wanted = new ArrayList<>(row.pending());
    boolean busy = !row.living().isEmpty() || !wanted.isEmpty();
    Instant last = schedule.catchup() == Trigger.Catchup.LATEST ? latest(row.nextAt(), now) : null;
    Instant next = row.nextAt();
    int missed = 0;
    while (next != null && !next.isAfter(now)) {
      boolean wants =
          switch (schedule.catchup()) {
            case NONE -> next.isAfter(now.minus(PUNCTUAL));
            case LATEST -> next.equals(last);
            case ALL -> true;
          };
      boolean may = schedule.overlap() != Trigger.Overlap.SKIP || !busy;
      if (wants && may && wanted.size() == PENDING_MAX) {
        break; // it is decided about when there is room
      }
      if (wants && may) {
        wanted.add(next);
        busy = true;
      } else {
        missed++;
      }
      next = after(next);
    }
    return new Decided(row.decided(next, wanted), missed);
  }

  /** The last one by now, which is looked for near to now before it is farther away. */
  private Instant latest(Instant first, Instant now) {
    for (Duration window = Duration.ofHours(1); ; window = window.multipliedBy(8)) {
      Instant from = now.minus(window);
      boolean whole = !from.isAfter(first);
      Instant found = null;
      for (Instant at = whole ? first : after(from); at != null && !at.isAfter(now); ) {
        found = at;
        at = after(at);
      }
      if (whole || found != null) {
        return found;
      }
    }
  }
}
