package io.orchestrator.access;

/** The answer to a bearer token: a caller, why there is none, or that nobody can say. */
public sealed interface Access {

  /** The token is valid. */
  record Granted(Caller caller) implements Access {}

  /**
   * The token is not accepted. The reason may be shown to the client: it names neither keys nor
   * other tenants.
   */
  record Denied(String why) implements Access {}

  /** Nobody can say now, for the issuer's keys cannot be read and never were. */
  record Unknown(String why) implements Access {}
}
