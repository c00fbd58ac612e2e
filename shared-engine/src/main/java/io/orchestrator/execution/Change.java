package io.orchestrator.execution;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One line of the history: what changed, with everything that a later reader needs, so that folding never decides anything
 * again. {@code started}, {@code cancelled} and {@code skipped} are the paths that this change took along.
 */
public sealed interface Change {

  /** The execution began. */
  record Started(
      Object input, Map<String, Object> trigger, Map<String, Object> vars, Duration timeout, List<String> started)
      implements Change {}

  /** A structure was entered, or the call of an at-most-once step is about to be made. */
  record StepStarted(String path, int attempt, List<String> started, List<String> skipped, Duration timeout)
      implements Change {}

  /**
   * A step is done.
   *
   * @param output what {@code $id} is
   * @param vars variables it set; null if none
   * @param servedBy the adapter that answered instead of its own; empty if none
   */
  record StepCompleted(
      String path,
      int attempt,
      Object output,
      Map<String, Object> vars,
      String servedBy,
      List<String> started,
      List<String> cancelled)
      implements Change {}

  /** An attempt failed and the next one, {@code attempt}, is due after the delay. */
  record StepRetrying(String path, int attempt, Failure failure, Duration delay, List<String> cancelled)
      implements Change {}

  /**
   * The last attempt failed.
   *
   * @param clause the error handler that takes over, -1 if none does
   * @param handled whether handlers have dealt with the failure further inside
   */
  record StepFailed(
      String path,
      int attempt,
      Failure failure,
      int clause,
      boolean handled,
      List<String> started,
      List<String> cancelled)
      implements Change {}

  /** The handlers of a failed step ended with {@code then: continue}; the step counts as done. */
  record StepRecovered(String path, Object output, List<String> started) implements Change {}

  /**
   * A step was passed over.
   *
   * @param warning why that may be a mistake; empty if it is not
   */
  record StepSkipped(String path, String warning, List<String> started) implements Change {}

  /**
   * A step waits.
   *
   * @param delay until its timer or its timeout
   * @param call what the call answered that announced a callback; null if there was none
   */
  record StepWaiting(String path, int attempt, Duration delay, Object call, List<String> started) implements Change {}

  /** An answer came while the call that announces it is still running; it is kept. */
  record CallbackKept(String path, Object answer, Failure failure) implements Change {}

  /**
   * The failure reached the flow itself, whose handlers take over.
   *
   * @param clause which of them
   */
  record HandlersStarted(Failure failure, int clause, boolean handled, List<String> started) implements Change {}

  /** The end, well. */
  record Completed(Object output, List<String> cancelled) implements Change {}

  /** The end, badly. */
  record Failed(Failure failure, boolean handled, List<String> cancelled) implements Change {}

  /** The end, because somebody wanted it. */
  record Cancelled(String reason, List<String> cancelled) implements Change {}

  /** The end, because the flow's own timeout ran out. */
  record TimedOut(List<String> cancelled) implements Change {}
}
