package io.orchestrator.bench;

import java.util.function.IntConsumer;

/** Where step bodies and completions report, to the phase that is under way. */
final class Probe {
  private final IntConsumer entered;
  private volatile Phase current;

  Probe() {
    this(step -> {});
  }

  /**
   * @param entered is told the number of each step whose body is entered
   */
  Probe(IntConsumer entered) {
    this.entered = entered;
  }

  Phase begin(String prefix, int executions, int steps) {
    Phase phase = new Phase(prefix, executions, steps);
    current = phase;
    return phase;
  }

  void step(String id, int step) {
    current.step(id, step);
    entered.accept(step);
  }

  boolean fails(String id) {
    return current.fails(id);
  }

  void done(String id) {
    current.done(id);
  }
}
