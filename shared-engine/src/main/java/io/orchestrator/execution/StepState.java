package io.orchestrator.execution;

import java.time.Instant;

/**
 * One step of one execution.
 *
 * @param structure whether it contains the steps that are at work
 * @param attempt the current one, from 1
 * @param due when its timer, timeout or next attempt is due; null if it has none
 * @param armed the revision that set {@code due}; 0 if it has none
 * @param output what {@code $id} is; null until it is done
 * @param failure of the last attempt; null if none failed
 * @param clause the error handler that is at work or was; -1 if none
 * @param handled whether handlers inside dealt with the failure
 * @param servedBy the adapter that answered instead of its own; empty if none
 * @param call what the call answered that announced a callback; null if there was none
 * @param begun whether the start of a call that may be made only once is committed
 * @param retriedByHandler whether {@code then: retry} has been used
 */
public record StepState(
    String path,
    StepStatus status,
    boolean structure,
    int attempt,
    Instant startedAt,
    Instant endedAt,
    Instant due,
    int armed,
    Object output,
    Failure failure,
    int clause,
    boolean handled,
    String servedBy,
    Object call,
    boolean begun,
    boolean retriedByHandler) {

  /** A call that is ready to run. */
  static StepState ready(String path, int attempt, Instant at) {
    return new StepState(
        path,
        StepStatus.RUNNING,
        false,
        attempt,
        at,
        null,
        null,
        0,
        null,
        null,
        -1,
        false,
        "",
        null,
        false,
        false);
  }

  /** A step that never was at work. */
  static StepState ended(String path, StepStatus status, int attempt, Instant at) {
    return new StepState(
        path, status, false, attempt, at, at, null, 0, null, null, -1, false, "", null, false,
        false);
  }

  StepState entered(int attempt, Instant due, int armed) {
    return new StepState(
        path,
        StepStatus.RUNNING,
        true,
        attempt,
        startedAt,
        null,
        due,
        armed,
        null,
        failure,
        -1,
        false,
        "",
        null,
        false,
        retriedByHandler);
  }

  StepState begun(int attempt) {
    return new StepState(
        path,
        StepStatus.RUNNING,
        false,
        attempt,
        startedAt,
        null,
        null,
        0,
        null,
        failure,
        -1,
        false,
        "",
        null,
        true,
        retriedByHandler);
  }

  StepState completed(int attempt, Object output, String servedBy, Instant at) {
    return new StepState(
        path,
        StepStatus.COMPLETED,
        structure,
        attempt,
        startedAt,
        at,
        null,
        0,
        output,
        failure,
        clause,
        false,
        servedBy,
        call,
        begun,
        retriedByHandler);
  }

  StepState retrying(int attempt, Failure failure, Instant due, int armed, boolean byHandler) {
    return new StepState(
        path,
        StepStatus.RETRYING,
        structure,
        attempt,
        startedAt,
        null,
        due,
        armed,
        null,
        failure,
        -1,
        false,
        "",
        null,
        false,
        retriedByHandler || byHandler);
  }

  StepState failed(int attempt, Failure failure, int clause, boolean handled, Instant at) {
    return new StepState(
        path,
        StepStatus.FAILED,
        structure,
        attempt,
        startedAt,
        at,
        null,
        0,
        null,
        failure,
        clause,
        handled,
        "",
        call,
        begun,
        retriedByHandler);
  }

  StepState waiting(int attempt, Instant due, int armed, Object call) {
    return new StepState(
        path,
        StepStatus.WAITING,
        false,
        attempt,
        startedAt,
        null,
        due,
        armed,
        null,
        failure,
        -1,
        false,
        "",
        call,
        false,
        retriedByHandler);
  }

  StepState cancelled(Instant at) {
    return new StepState(
        path,
        StepStatus.CANCELLED,
        structure,
        attempt,
        startedAt,
        at,
        null,
        0,
        null,
        failure,
        clause,
        handled,
        "",
        call,
        begun,
        retriedByHandler);
  }

  /**
   * Whether it waits for somebody to do or say something, a call or an answer, and holds no other
   * steps.
   */
  boolean isLeaf() {
    return status.isActive() && (!structure || status == StepStatus.RETRYING);
  }
}
