package io.orchestrator.execution;

/** How an operator ends a wait. */
public sealed interface Settlement {
  /** The step is done, and gave that. */
  record Completed(Object output) implements Settlement {}

  /** The step has failed; its handlers take over. */
  record Failed(Failure failure) implements Settlement {}

  /** The step is passed over. */
  record Skipped() implements Settlement {}
}
