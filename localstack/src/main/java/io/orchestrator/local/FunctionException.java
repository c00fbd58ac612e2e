package io.orchestrator.local;

/** An invocation failed: the handler threw, the process died or the time ran out. */
public final class FunctionException extends Exception {
  private final String type;

  public FunctionException(String type, String message) {
    super(message);
    this.type = type;
  }

  public FunctionException(String type, String message, Throwable cause) {
    super(message, cause);
    this.type = type;
  }

  /** The error type as Lambda names it, such as {@code Runtime.ExitError} or a class name. */
  public String type() {
    return type;
  }
}
