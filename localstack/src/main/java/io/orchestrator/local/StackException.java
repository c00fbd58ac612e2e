package io.orchestrator.local;

/**
 * The local stack cannot start or go on; the message says what stands in the way and what helps.
 */
public final class StackException extends RuntimeException {
  public StackException(String message) {
    super(message);
  }

  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
