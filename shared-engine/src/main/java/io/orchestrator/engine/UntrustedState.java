package io.orchestrator.engine;

/** A stored execution that contradicts itself; it must not be continued. */
public final class UntrustedState extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public UntrustedState(String message) {
    super(message);
  }
}
