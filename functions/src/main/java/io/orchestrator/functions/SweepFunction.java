package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.telemetry.Log;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks after what is due, from one tick to the next: whom nobody has in hand gets a hint. It runs
 * no steps itself. When nothing will be due soon it looks once; else again at the moment when
 * something will, so that a lost execution doesn't have to wait for the next tick, too.
 */
public final class SweepFunction
    implements RequestHandler<SQSEvent, SQSBatchResponse>, AutoCloseable {
  /** A little less than the two seconds from one tick to the next. */
  private static final Duration SHIFT = Duration.ofMillis(1_800);

  /**
   * Ticks that come closer together have gathered while nobody took them, and all but one are of no
   * use. The clocks of hosts may be wrong, so a tick carries no time to compare with; this
   * process's own monotonic clock is enough.
   */
  private static final Duration PACE = Duration.ofMillis(300);

  /** However much is due, sweeping takes at most a twentieth of the time. */
  private static final int REST_FACTOR = 20;

  /**
   * Partitions are made two months ahead and what is purged is 90 days old: once an hour is often
   * enough.
   */
  private static final Duration HOUSEKEEPING = Duration.ofHours(1);

  private final AtomicLong housekeptNanos =
      new AtomicLong(System.nanoTime() - HOUSEKEEPING.toNanos());
  private final Wiring wiring;
  private final Lazy<Rounds> rounds;
  private final Tending tending;
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PACE.toNanos());
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Lazy<Depths> depths;

  public SweepFunction() {
    this(System.getenv());
  }

  public SweepFunction(Map<String, String> environment) {
    this.wiring = Wiring.working(environment);
    this.rounds = new Lazy<>(wiring::rounds);
    this.depths = new Lazy<>(wiring::depths);
    this.tending = new Tending(wiring);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      if (isItTime()) {
        sweep();
        tending.tend();
        depths.get().measure();
        if (isHouseTime()) {
          rounds.get().keepHouse();
          tending.keepHouse();
        }
      }
      return new SQSBatchResponse(List.of());
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return new SQSBatchResponse(List.of());
    } finally {
      wiring.tell();
    }
  }

  private void sweep() throws InterruptedException {
    long end = System.nanoTime() + SHIFT.toNanos();
    long pause = 0;
    while (pause >= 0 && !closing.await(pause, TimeUnit.NANOSECONDS)) {
      long begun = System.nanoTime();
      Sweeper.Swept swept = rounds.get().look();
      lastNanos.set(System.nanoTime());
      if (swept.sent() > 0) {
        wiring.metrics().count("Swept", swept.sent(), Map.of());
        Log.event("swept", "sent", swept.sent());
      }
      pause = pause(swept, System.nanoTime() - begun, end);
    }
  }

  /** How long to wait for the next look; negative if the next tick comes before it. */
  private static long pause(Sweeper.Swept swept, long tookNanos, long end) {
    if (swept.next() == null) {
      return -1;
    }
    long rest = Math.max(PACE.toNanos(), REST_FACTOR * tookNanos);
    long pause = Math.max(swept.next().toNanos(), rest);
    return System.nanoTime() + pause - end > 0 ? -1 : pause;
  }

  private boolean isHouseTime() {
    long now = System.nanoTime();
    long last = housekeptNanos.get();
    return now - last >= HOUSEKEEPING.toNanos() && housekeptNanos.compareAndSet(last, now);
  }

  private boolean isItTime() {
    long now = System.nanoTime();
    long last = lastNanos.get();
    return now - last >= PACE.toNanos() && lastNanos.compareAndSet(last, now);
  }

  @Override
  public void close() {
    closing.countDown();
    wiring.close();
  }
}
