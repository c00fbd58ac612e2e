package io.orchestrator.access;

/** The answer to a bearer token: a caller, or why there is none. */
public sealed interface Access {

  /** The token is valid. */
  record Granted(Caller caller) implements Access {}

  /**
   * The token is not accepted. The reason may be shown to the client: it names neither keys nor
   * other tenants.
   */
  record Denied(String why) implements Access {}
}
