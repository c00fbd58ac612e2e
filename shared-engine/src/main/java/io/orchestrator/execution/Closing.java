package io.orchestrator.execution;

/**
 * The end of an execution while steps of it are still at work.
 *
 * @param outcome what it will be when they have run; null while that is open
 * @param compensates whether what was done is undone after the steps of {@code on_cancel}
 */
public record Closing(Phase phase, Status outcome, boolean compensates) {
  /** What is at work. */
  public enum Phase {
    /** The steps of {@code on_cancel}. */
    CANCELLING,
    /** What undoes the steps that ran, one after the other. */
    COMPENSATING,
    /** The steps of {@code finally}. */
    LAST_STEPS
  }
}
