package io.orchestrator.flow;

/**
 * When the branches of a parallel are enough.
 *
 * @param enough so many that ended well end the whole; 0: all have to be over
 * @param tolerance how many may fail if all have to be over
 */
public record Join(int enough, Tolerance tolerance) {
  /** All have to end well. */
  public static final Join ALL = new Join(0, Tolerance.NONE);
}
