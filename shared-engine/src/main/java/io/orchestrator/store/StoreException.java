package io.orchestrator.store;

/**
 * The database could not do it: unreachable, out of time, or a bug. The outcome is unknown unless
 * it says otherwise.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
