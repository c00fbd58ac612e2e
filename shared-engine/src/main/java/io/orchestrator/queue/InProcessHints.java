package io.orchestrator.queue;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hints without a queue: each is handed to a consumer in this process, so many at once, in order of
 * arrival.
 */
public final class InProcessHints implements Hints {
  private static final Logger LOG = LoggerFactory.getLogger(InProcessHints.class);

  private final BiConsumer<QueueName, Hint> consumer;
  private final ExecutorService takers;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("hints").factory());

  /**
   * @param consumer may throw: then the hint is lost, and the database's due time stands for it
   * @param concurrency how many hints are with the consumer at once
   */
  public InProcessHints(BiConsumer<QueueName, Hint> consumer, int concurrency) {
    this.consumer = consumer;
    this.takers =
        Executors.newFixedThreadPool(concurrency, Thread.ofVirtual().name("hint-", 0).factory());
  }

  @Override
  public int send(List<Outgoing> hints) {
    int accepted = 0;
    for (Outgoing hint : hints) {
      accepted += accept(hint) ? 1 : 0;
    }
    return accepted;
  }

  /** Drops what is delayed or has not begun; what was handed over is interrupted. */
  @Override
  public void close() {
    timer.shutdownNow();
    takers.shutdownNow();
  }

  private boolean accept(Outgoing outgoing) {
    if (timer.isShutdown()) {
      return false;
    }
    try {
      if (outgoing.delay().isZero()) {
        deliver(outgoing);
        return true;
      }
      var _ =
          timer.schedule(
              () -> deliver(outgoing), outgoing.delay().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void deliver(Outgoing outgoing) {
    takers.execute(
        () -> {
          try {
            consumer.accept(outgoing.queue(), outgoing.hint());
          } catch (RuntimeException e) {
            LOG.warn("{} failed and is left to the sweeper", outgoing.hint(), e);
          }
        });
  }
}
