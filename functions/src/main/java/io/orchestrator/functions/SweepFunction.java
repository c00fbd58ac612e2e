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
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks after what is due, once a tick: whom nobody has in hand gets a hint. It runs no steps
 * itself.
 */
public final class SweepFunction
    implements RequestHandler<SQSEvent, SQSBatchResponse>, AutoCloseable {
  /**
   * Ticks that come closer together have gathered while nobody took them, and all but one are of no
   * use. The clocks of hosts may be wrong, so a tick carries no time to compare with; this
   * process's own monotonic clock is enough.
   */
  private static final Duration PACE = Duration.ofSeconds(1);

  /**
   * Partitions are made two months ahead and what is purged is 90 days old: once an hour is often
   * enough.
   */
  private static final Duration HOUSEKEEPING = Duration.ofHours(1);

  private final AtomicLong housekeptNanos =
      new AtomicLong(System.nanoTime() - HOUSEKEEPING.toNanos());
  private final Wiring wiring;
  private final Lazy<Sweeper> sweeper;
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PACE.toNanos());

  public SweepFunction() {
    this(System.getenv());
  }

  public SweepFunction(Map<String, String> environment) {
    this.wiring = Wiring.working(environment);
    this.sweeper = new Lazy<>(wiring::sweeper);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      if (isItTime()) {
        int sent = sweeper.get().sweep();
        if (sent > 0) {
          wiring.metrics().count("Swept", sent, Map.of());
          Log.event("swept", "sent", sent);
        }
        if (isHouseTime()) {
          sweeper.get().keepHouse();
        }
      }
      return new SQSBatchResponse(List.of());
    } finally {
      wiring.metrics().flush();
    }
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
    wiring.close();
  }
}
