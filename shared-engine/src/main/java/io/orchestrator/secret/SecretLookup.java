package io.orchestrator.secret;

/** The answer to a secret's name. */
public sealed interface SecretLookup {

  /** The secret is there. */
  record Found(SecretText text) implements SecretLookup {}

  /** There is no such secret, or the name cannot be one; asking again changes nothing. */
  record Missing(String why) implements SecretLookup {}

  /** The place where secrets are kept does not answer; worth trying again. */
  record Unavailable(String why) implements SecretLookup {}
}
