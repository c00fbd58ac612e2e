package io.orchestrator.execution;

/** What a line of the history says of one iteration of a loop. */
public sealed interface Iteration {
  /** Of the iteration: {@code orders[3]}. */
  String path();

  /** It begins. */
  record Begun(String path) implements Iteration {}

  /**
   * It is done; what was known of its steps is forgotten, the history has it.
   *
   * @param result what the loop keeps of it
   * @param ran whether something outside was done in it, or may have been, that has to be undone
   *     with a structure around; what nobody undoes is not looked at
   */
  record Ended(String path, Object result, boolean ran) implements Iteration {}

  /**
   * It failed, and the loop tolerates that; its result is null.
   *
   * @param ran as in {@link Ended}
   */
  record Failed(String path, boolean ran) implements Iteration {}
}
