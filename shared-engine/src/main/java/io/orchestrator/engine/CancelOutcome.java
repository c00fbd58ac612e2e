package io.orchestrator.engine;

/** What became of a wish to cancel an execution. */
public sealed interface CancelOutcome {
  /** It is cancelled, or steps run before it is. */
  record Done(int revision, String status) implements CancelOutcome {}

  /** It is ending already, with steps that must not be stopped. */
  record Ending(String status) implements CancelOutcome {}

  /** It had ended before. */
  record AlreadyFinal(String status) implements CancelOutcome {}

  /** This tenant has no such execution. */
  record NotFound() implements CancelOutcome {}
}
