package io.orchestrator.engine;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dispatches within the process, for an engine that is embedded: the database's {@code wake_at} is its safety net too. */
public final class LocalDispatcher implements Dispatcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalDispatcher.class);

  private final ExecutorService runners;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("local-hints").factory());
  private volatile Consumer<Hint> advance;

  /**
   * @param concurrency how many executions are in hand at once
   */
  public LocalDispatcher(int concurrency) {
    this.runners = Executors.newFixedThreadPool(concurrency, Thread.ofVirtual().name("run-", 0).factory());
  }

  /** Names who takes the hints; before that they are lost. */
  public void to(Consumer<Hint> advance) {
    this.advance = advance;
  }

  @Override
  public void send(Hint hint, Duration delay) {
    try {
      if (delay.isZero()) {
        runners.execute(() -> take(hint));
      } else {
        timer.schedule(() -> runners.execute(() -> take(hint)), delay.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException closing) {
      LOG.debug("{} is left to the sweeper: this process is closing", hint, closing);
    }
  }

  private void take(Hint hint) {
    try {
      advance.accept(hint);
    } catch (RuntimeException e) {
      LOG.warn("{} failed and is left to the sweeper", hint, e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    runners.shutdownNow();
  }
}
