package io.orchestrator.engine;

/** What became of a wish to cancel an execution. */
public sealed interface CancelOutcome {
  /** It is cancelled. */
  record Done(int revision) implements CancelOutcome {}

  /** It had ended before. */
  record AlreadyFinal(String status) implements CancelOutcome {}

  /** This tenant has no such execution. */
  record NotFound() implements CancelOutcome {}
}
