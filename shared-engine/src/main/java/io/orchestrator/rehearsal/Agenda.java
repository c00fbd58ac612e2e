package io.orchestrator.rehearsal;

import io.orchestrator.execution.Event;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Function;

/** What is going to happen in a rehearsal, by its virtual time; at one time in order of entry. */
final class Agenda {
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::number));
  private long count;

  private record Entry(Instant at, long number, Function<Instant, Event> event) {}

  /** The event happens then, made with that time. */
  void add(Instant at, Function<Instant, Event> event) {
    entries.add(new Entry(at, count++, event));
  }

  /** When the next thing happens; null if nothing will. */
  Instant next() {
    return entries.isEmpty() ? null : entries.peek().at();
  }

  /** Whether the time of something has come. */
  boolean isDue(Instant now) {
    return !entries.isEmpty() && !entries.peek().at().isAfter(now);
  }

  /** Takes what is due; null if what happens is no event of the execution. */
  Event take(Instant now) {
    return entries.poll().event().apply(now);
  }
}
