package io.orchestrator.adapter.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Circuits of this process alone. */
final class OwnCircuits implements CircuitStates {
  private static final int KEPT_MAX = 10_000;

  /** Whoever comes while a probe is under way asks again after that time at the latest. */
  static final long PROBED_MILLIS_MAX = 1_000;

  private final LongSupplier millis;
  private final Map<Guarded, Line> lines =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Guarded, Line> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** A circuit that has something to remember. */
  private static final class Line {
    private final Deque<Long> times = new ArrayDeque<>();
    private boolean open;
    private int failures;
    private long since;
    private long until;
    private String probe = "";
    private long probeUntil;
  }

  /**
   * @param millis a clock that only goes forward
   */
  OwnCircuits(LongSupplier millis) {
    this.millis = millis;
  }

  @Override
  public synchronized Optional<Entry> enter(
      Guarded guarded, CircuitBreaker breaker, Duration hold) {
    Line line = lines.get(guarded);
    if (line == null || !line.open) {
      return Optional.of(Entry.Passed.FREELY);
    }
    long now = millis.getAsLong();
    long left = Math.min(line.until, line.since + breaker.open().toMillis()) - now;
    if (left > 0) {
      return Optional.of(new Entry.Barred(Duration.ofMillis(left)));
    }
    if (!line.probe.isEmpty() && line.probeUntil > now) {
      long wait = Math.min(line.probeUntil - now, PROBED_MILLIS_MAX);
      return Optional.of(new Entry.Barred(Duration.ofMillis(wait)));
    }
    line.probe = UUID.randomUUID().toString();
    line.probeUntil = now + hold.toMillis();
    return Optional.of(new Entry.Passed(line.probe));
  }

  @Override
  public synchronized Optional<Turn> leave(
      Guarded guarded, CircuitBreaker breaker, String probe, Outcome outcome) {
    Line line = lines.get(guarded);
    boolean mine = line != null && !probe.isEmpty() && line.probe.equals(probe);
    return Optional.of(
        switch (outcome) {
          case ANSWERED -> answered(guarded, line, mine);
          case FAILED -> failed(guarded, line, mine, breaker);
          case UNKNOWN -> {
            if (mine) {
              line.probe = "";
            }
            yield Turn.NONE;
          }
        });
  }

  private Turn answered(Guarded guarded, Line line, boolean mine) {
    if (line != null && (mine || !line.open)) {
      lines.remove(guarded);
    }
    return mine ? Turn.CLOSED : Turn.NONE;
  }

  private Turn failed(Guarded guarded, Line known, boolean mine, CircuitBreaker breaker) {
    Line line = known == null ? new Line() : known;
    if (line.open && !mine) {
      return Turn.NONE;
    }
    long now = millis.getAsLong();
    line.times.removeIf(at -> now - at > breaker.window().toMillis());
    line.times.addLast(now);
    while (line.times.size() > breaker.failures()) {
      line.times.removeFirst();
    }
    line.failures = line.open ? line.failures + 1 : line.times.size();
    lines.put(guarded, line);
    if (!line.open && line.failures < breaker.failures()) {
      return Turn.NONE;
    }
    line.open = true;
    line.probe = "";
    line.since = now;
    line.until = now + breaker.open().toMillis();
    return Turn.OPENED;
  }

  @Override
  public synchronized Optional<Circuit> look(Guarded guarded, CircuitBreaker breaker) {
    Line line = lines.get(guarded);
    long now = millis.getAsLong();
    if (line == null) {
      return Optional.of(Circuit.CLOSED);
    }
    if (!line.open) {
      long window = breaker.window().toMillis();
      long recent = line.times.stream().filter(at -> now - at <= window).count();
      return Optional.of(Circuit.closed((int) recent));
    }
    long left = line.until - now;
    return Optional.of(
        left > 0
            ? new Circuit(
                CircuitState.OPEN,
                line.failures,
                Duration.ofMillis(now - line.since),
                Duration.ofMillis(left))
            : new Circuit(
                CircuitState.HALF_OPEN, line.failures, Duration.ofMillis(-left), Duration.ZERO));
  }

  @Override
  public synchronized boolean reset(Guarded guarded) {
    lines.remove(guarded);
    return true;
  }
}
