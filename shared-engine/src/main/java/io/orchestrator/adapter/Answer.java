package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;

/** How a call ended. */
public sealed interface Answer {
  /**
   * With a result.
   *
   * @param servedBy the adapter that served it, which may be a fallback
   */
  record Done(Object result, String servedBy) implements Answer {}

  /** Accepted: the result comes by callback; {@code answer} is what the call itself said. */
  record Later(Object answer) implements Answer {}

  /** Not done. */
  record Refused(Failure failure) implements Answer {}
}
