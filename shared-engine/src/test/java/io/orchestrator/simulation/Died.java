package io.orchestrator.simulation;

/** A process dies here: nothing that it would have done comes about. */
final class Died extends Error {
  private static final long serialVersionUID = 1L;
  private final transient Worker process;

  Died(Worker process) {
    super(process.name() + " died", null, false, false);
    this.process = process;
  }

  boolean isOf(Worker other) {
    return process == other;
  }
}
