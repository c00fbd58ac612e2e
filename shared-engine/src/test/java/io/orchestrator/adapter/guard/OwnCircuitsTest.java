package io.orchestrator.adapter.guard;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class OwnCircuitsTest extends CircuitStatesContract {
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final OwnCircuits states = new OwnCircuits(now::get);

  @Override
  CircuitStates states() {
    return states;
  }

  @Override
  void pass(Duration time) {
    now.addAndGet(time.toMillis());
  }
}
