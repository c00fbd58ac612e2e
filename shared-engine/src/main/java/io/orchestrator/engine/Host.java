package io.orchestrator.engine;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a process needs of the machine that it runs on: a monotonic clock, other threads, new ids.
 * The real one is {@link #JVM}; a simulation plays its own, in one thread and in virtual time.
 */
public interface Host {
  /** The machine as it is. */
  Host JVM = new JvmHost();

  /** The monotonic clock, in nanoseconds from anywhere. */
  long nanos();

  /** An id that nothing else has; those made later are greater (UUIDv7). */
  UUID newId();

  /** Does the work while the caller goes on, and hands its result to whoever wants it. */
  <T> void beside(String name, Supplier<T> work, Consumer<T> then);

  /**
   * The next message; null if none has come after so many nanoseconds.
   *
   * @throws InterruptedException when the process is to stop
   */
  <T> T next(BlockingQueue<T> mailbox, long nanos) throws InterruptedException;

  /** Does something again and again, that long after it was done; until the answer is run. */
  Runnable every(Duration pause, Runnable work);
}
