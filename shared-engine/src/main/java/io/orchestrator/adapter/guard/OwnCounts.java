package io.orchestrator.adapter.guard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Calls of this process alone, counted by the times of the latest ones. */
final class OwnCounts implements CallCounts {
  private static final int KEPT_MAX = 1_000;

  private final LongSupplier millis;
  private final Map<Guarded, Calls> all =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Guarded, Calls> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /** The times of the latest calls, the oldest of them where the next one will stand. */
  private static final class Calls {
    private final long[] times;
    private int made;
    private int next;
    private long waiting;
    private long waitingUntil;

    Calls(int calls) {
      this.times = new long[calls];
    }
  }

  /**
   * @param millis a clock that only goes forward
   */
  OwnCounts(LongSupplier millis) {
    this.millis = millis;
  }

  @Override
  public synchronized Optional<Duration> take(Guarded guarded, RateLimit limit) {
    Calls calls = all.get(guarded);
    if (calls == null || calls.times.length != limit.calls()) {
      calls = new Calls(limit.calls());
      all.put(guarded, calls);
    }
    return Optional.of(Duration.ofMillis(wait(calls, limit.window().toMillis())));
  }

  private long wait(Calls calls, long window) {
    long now = millis.getAsLong();
    int room = calls.times.length;
    if (now - calls.waitingUntil > 0) {
      calls.waiting = 0;
    }
    if (calls.made < room || now - calls.times[calls.next] >= window) {
      calls.times[calls.next] = now;
      calls.next = (calls.next + 1) % room;
      calls.made = Math.min(room, calls.made + 1);
      calls.waiting = Math.max(0, calls.waiting - 1);
      return 0;
    }
    long free = calls.times[(int) ((calls.next + calls.waiting) % room)] + window;
    long turn = free + calls.waiting / room * window;
    calls.waiting++;
    calls.waitingUntil = turn + window;
    return Math.max(1, turn - now);
  }
}
