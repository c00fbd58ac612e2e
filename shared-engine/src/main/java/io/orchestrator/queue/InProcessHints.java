package io.orchestrator.queue;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Hints without a queue: each is handed to a consumer in this process, on a virtual thread of its own. */
public final class InProcessHints implements Hints {
  private final BiConsumer<QueueName, Hint> consumer;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("hints").factory());

  public InProcessHints(BiConsumer<QueueName, Hint> consumer) {
    this.consumer = consumer;
  }

  @Override
  public int send(List<Outgoing> hints) {
    int accepted = 0;
    for (Outgoing hint : hints) {
      accepted += accept(hint) ? 1 : 0;
    }
    return accepted;
  }

  /** Drops what is delayed; what was handed over goes on. */
  @Override
  public void close() {
    timer.shutdownNow();
  }

  private boolean accept(Outgoing outgoing) {
    if (timer.isShutdown()) {
      return false;
    }
    if (outgoing.delay().isZero()) {
      deliver(outgoing);
      return true;
    }
    try {
      var _ = timer.schedule(() -> deliver(outgoing), outgoing.delay().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void deliver(Outgoing outgoing) {
    Thread.startVirtualThread(() -> consumer.accept(outgoing.queue(), outgoing.hint()));
  }
}
