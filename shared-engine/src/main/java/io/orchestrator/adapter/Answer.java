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

  /**
   * Accepted: the result comes by callback.
   *
   * @param answer what the call itself said
   * @param servedBy the adapter that accepted it, which may be a fallback; empty: the one called
   */
  record Later(Object answer, String servedBy) implements Answer {
    /** Accepted by the one that was called. */
    public Later(Object answer) {
      this(answer, "");
    }
  }

  /** Not done. */
  record Refused(Failure failure) implements Answer {}
}
