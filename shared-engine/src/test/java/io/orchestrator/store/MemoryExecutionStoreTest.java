package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** The contract in memory, where time passes when it is told to. */
class MemoryExecutionStoreTest extends ExecutionStoreContract {
  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-11-01T12:00:00Z"));
  private final MemoryExecutionStore store = new MemoryExecutionStore(clock::get);

  @Override
  ExecutionStore store() {
    return store;
  }

  @Override
  void pass(Duration time) {
    clock.updateAndGet(now -> now.plus(time));
  }
}
