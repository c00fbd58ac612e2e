package io.orchestrator.access;

import java.net.URI;

/**
 * Whose tokens are accepted, for whom, where its keys are, and under which claims it names tenant
 * and permissions.
 */
public record Issuer(
    String name, String audience, URI keys, String tenantClaim, String permissionsClaim) {
  public Issuer {
    if (name.isBlank()
        || audience.isBlank()
        || tenantClaim.isBlank()
        || permissionsClaim.isBlank()) {
      throw new IllegalArgumentException(
          "Issuer, audience and claim names must not be empty; without them any token would do");
    }
    String scheme = String.valueOf(keys.getScheme());
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "The address of the issuer's keys must be http(s), not " + scheme);
    }
  }

  /** An issuer that uses the claims {@code tenant} and {@code permissions}. */
  public static Issuer of(String name, String audience, URI keys) {
    return new Issuer(name, audience, keys, "tenant", "permissions");
  }
}
