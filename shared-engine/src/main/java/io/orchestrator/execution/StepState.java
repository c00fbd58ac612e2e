package io.orchestrator.execution;

import java.time.Instant;

/**
 * One step of one execution.
 *
 * @param attempt the current one, from 1
 * @param due when its timer, timeout or next attempt is due; null if it has none
 * @param output what {@code $id} is; null until it is done
 * @param failure of the last attempt; null if none failed
 * @param clause the error handler that is at work or was; -1 if none
 * @param handled whether handlers inside dealt with the failure
 * @param servedBy the adapter that answered instead of its own; empty if none
 * @param call what the call answered that announced a callback; null if there was none
 * @param early an answer that came before the call returned; null if none did
 * @param retriedByHandler whether {@code then: retry} has been used
 */
public record StepState(
    String path,
    StepStatus status,
    int attempt,
    Instant startedAt,
    Instant endedAt,
    Instant due,
    Object output,
    Failure failure,
    int clause,
    boolean handled,
    String servedBy,
    Object call,
    Answer early,
    boolean retriedByHandler) {

  /** An answer to a wait: a failure, or else a value (which may be null). */
  public record Answer(Object value, Failure failure) {}
}
