package io.orchestrator.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * The local issuer of tokens: one key in a file that is written once, so that tokens outlive
 * restarts.
 */
public final class Issuer {
  public static final String NAME = "https://issuer.orchestrator.local";
  public static final String AUDIENCE = "orchestrator";

  private static final Duration VALID = Duration.ofHours(24);
  private static final int KEY_BITS = 2048;

  private final RSAKey key;

  private Issuer(RSAKey key) {
    this.key = key;
  }

  /** The issuer of that folder; makes its key the first time. */
  public static Issuer of(Home home) {
    try {
      Files.createDirectories(home.root());
      if (!Files.exists(home.issuerKey())) {
        RSAKey fresh =
            new RSAKeyGenerator(KEY_BITS)
                .keyIDFromThumbprint(true)
                .algorithm(JWSAlgorithm.RS256)
                .generate();
        Home.writePrivately(home.issuerKey(), fresh.toJSONString());
      }
      return new Issuer(RSAKey.parse(Files.readString(home.issuerKey())));
    } catch (IOException | JOSEException e) {
      throw new StackException(
          "Cannot use the issuer's key " + home.issuerKey() + ": " + e.getMessage(), e);
    } catch (ParseException e) {
      throw new StackException(
          "The issuer's key " + home.issuerKey() + " is damaged; delete it to get a new one.", e);
    }
  }

  /** The public half, as {@code /.well-known/jwks.json} serves it. */
  public String jwks() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  /** A token for that tenant, valid for 24 hours from the clock's now. */
  public String token(String tenant, List<String> permissions, String subject, Clock clock) {
    return token(tenant, permissions, subject, List.of(), clock);
  }

  /** The same for somebody with roles, by which approvals are addressed. */
  public String token(
      String tenant, List<String> permissions, String subject, List<String> roles, Clock clock) {
    Instant now = clock.instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(NAME)
            .audience(AUDIENCE)
            .subject(subject)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(VALID)))
            .claim("tenant", tenant)
            .claim("permissions", permissions)
            .claim("roles", roles)
            .build();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new StackException("Cannot sign a token: " + e.getMessage(), e);
    }
    return token.serialize();
  }
}
