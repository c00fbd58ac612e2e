package io.orchestrator.bench;

/** Where step bodies and completions report, to the phase that is under way. */
final class Probe {
  private volatile Phase current;

  Phase begin(String prefix, int executions, int steps) {
    Phase phase = new Phase(prefix, executions, steps);
    current = phase;
    return phase;
  }

  void step(String id, int step) {
    current.step(id, step);
  }

  boolean fails(String id) {
    return current.fails(id);
  }

  void done(String id) {
    current.done(id);
  }
}
