package io.orchestrator.adapter;

import io.orchestrator.expression.Secret;

/** How an adapter shows who is calling; secrets are revealed at the call. */
public sealed interface Auth {
  /** Not at all. */
  record None() implements Auth {}

  /** {@code Authorization: Bearer} (RFC 6750). */
  record Bearer(Secret token) implements Auth {}

  /**
   * {@code Authorization: Basic} (RFC 7617).
   *
   * @param username a text or a secret
   */
  record Basic(Object username, Secret password) implements Auth {}

  /**
   * Signature Version 4 of AWS; the types that speak to AWS sign, for they know service and region.
   *
   * @param sessionToken null for a key that lasts
   */
  record Aws(Secret accessKeyId, Secret secretAccessKey, Secret sessionToken) implements Auth {}

  /** A header of the service's own. */
  record Header(String name, Secret value) implements Auth {}
}
