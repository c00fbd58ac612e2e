package io.orchestrator.execution;

/**
 * The end of an execution while steps of it are still at work.
 *
 * @param outcome what it will be when they have run; null while that is open
 * @param compensates whether what was done is undone when it is cancelled
 */
public record Closing(Phase phase, Status outcome, boolean compensates) {
  /** What is at work. */
  public enum Phase {
    /** The {@code finally} of the groups that were open. */
    SETTLING,
    /** The steps of {@code on_cancel}. */
    CANCELLING,
    /** What undoes the steps that ran, one after the other. */
    COMPENSATING,
    /** The steps of {@code finally}. */
    LAST_STEPS
  }
}
