package io.orchestrator.engine;

/** A stored execution that contradicts itself or cannot be read; it must not be continued. */
public final class UntrustedState extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public UntrustedState(String message) {
    super(message);
  }

  public UntrustedState(String message, Throwable cause) {
    super(message, cause);
  }
}
