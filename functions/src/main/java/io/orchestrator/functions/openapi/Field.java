package io.orchestrator.functions.openapi;

/**
 * One field of an object.
 *
 * @param always whether it is always there
 */
public record Field(String name, Shape shape, boolean always) {
  /** A field that is always there, though perhaps null. */
  public static Field has(String name, Shape shape) {
    return new Field(name, shape, true);
  }

  /** A field that may be missing. */
  public static Field may(String name, Shape shape) {
    return new Field(name, shape, false);
  }
}
