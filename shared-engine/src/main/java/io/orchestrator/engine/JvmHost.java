package io.orchestrator.engine;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The Java runtime: its clock, virtual threads beside the caller, one thread for each timer. */
final class JvmHost implements Host {
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public UUID newId() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  @Override
  public <T> void beside(String name, Supplier<T> work, Consumer<T> then) {
    Thread.ofVirtual().name(name).start(() -> then.accept(work.get()));
  }

  @Override
  public <T> T next(BlockingQueue<T> mailbox, long nanos) throws InterruptedException {
    return mailbox.poll(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public Runnable every(Duration pause, Runnable work) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("leases").factory());
    long millis = pause.toMillis();
    var _ = timer.scheduleWithFixedDelay(work, millis, millis, TimeUnit.MILLISECONDS);
    return timer::shutdownNow;
  }
}
