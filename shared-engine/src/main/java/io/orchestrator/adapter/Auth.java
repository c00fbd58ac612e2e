package io.orchestrator.adapter;

import io.orchestrator.expression.Secret;
import java.net.URI;
import java.util.Map;

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
   * OAuth 2 with the client's own credentials (RFC 6749, 4.4): a token is fetched with them and
   * sent as {@code Authorization: Bearer}.
   *
   * @param clientId a text or a secret
   * @param more what the request for a token says besides: scope, audience, resource
   * @param inBody whether the credentials go into the body, not into {@code Authorization: Basic}
   */
  record OAuth2(
      URI tokenUrl, Object clientId, Secret clientSecret, Map<String, String> more, boolean inBody)
      implements Auth {}

  /**
   * Signature Version 4 of AWS; the types that speak to AWS sign, for they know service and region.
   *
   * @param sessionToken null for a key that lasts
   */
  record Aws(Secret accessKeyId, Secret secretAccessKey, Secret sessionToken) implements Auth {}

  /** A header of the service's own. */
  record Header(String name, Secret value) implements Auth {}
}
