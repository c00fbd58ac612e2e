package io.orchestrator.access;

import java.net.URI;

/** Whose tokens are accepted, for whom, where its keys are, and what it calls things. */
public record Issuer(String name, String audience, URI keys, Claims claims) {
  /**
   * Under which claims a token names things. A dot leads into a claim: {@code realm_access.roles},
   * unless a claim has just that name.
   *
   * @param grants what its roles stand for
   */
  public record Claims(String tenant, String permissions, String roles, Roles grants) {
    public static final Claims USUAL = new Claims("tenant", "permissions", "roles", Roles.NONE);

    boolean isBlank() {
      return tenant.isBlank() || permissions.isBlank() || roles.isBlank();
    }
  }

  public Issuer {
    if (name.isBlank() || audience.isBlank() || claims.isBlank()) {
      throw new IllegalArgumentException(
          "Issuer, audience and claim names must not be empty; without them any token would do");
    }
    String scheme = String.valueOf(keys.getScheme());
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "The address of the issuer's keys must be http(s), not " + scheme);
    }
  }

  /** An issuer that uses the claims {@code tenant}, {@code permissions} and {@code roles}. */
  public static Issuer of(String name, String audience, URI keys) {
    return new Issuer(name, audience, keys, Claims.USUAL);
  }
}
