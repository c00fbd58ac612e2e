package io.orchestrator.adapter.iam;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import io.orchestrator.access.Signatures;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.math.BigDecimal;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks one signed token (RFC 7519) against the keys of its issuer: signature, issuer, audience
 * and times, by the rules of RFC 8725. What it claims is the answer.
 */
final class TokenCheck {
  private static final Duration SKEW_MAX = Duration.ofSeconds(60);
  private static final int TOKEN_CHARS_MAX = 16 * 1_024;
  private static final Set<String> TYPES =
      Set.of("JWT", "AT+JWT", "APPLICATION/AT+JWT", "ID_TOKEN");

  private final Invocation invocation;
  private final KeyRing ring;

  TokenCheck(Invocation invocation, KeyRing ring) {
    this.invocation = invocation;
    this.ring = ring;
  }

  Reply check(String token) {
    if (token.length() > TOKEN_CHARS_MAX) {
      return IamType.refused("the token is longer than " + TOKEN_CHARS_MAX + " characters");
    }
    SignedJWT parsed;
    try {
      parsed = SignedJWT.parse(token);
    } catch (ParseException | IllegalArgumentException notOne) {
      return IamType.refused("the token is not a signed JWT");
    }
    String complaint = complaint(parsed.getHeader());
    if (complaint != null) {
      return IamType.refused(complaint);
    }
    return switch (ring.keys(invocation, parsed.getHeader().getKeyID())) {
      case KeyRing.Away away -> new Reply.Failed(away.failure());
      case KeyRing.Keys keys -> signed(parsed, keys);
    };
  }

  private static String complaint(JWSHeader header) {
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      return "the token's header demands extensions that are not known here";
    }
    boolean other =
        header.getType() != null
            && !TYPES.contains(header.getType().getType().toUpperCase(Locale.ROOT));
    return other ? "the token is neither an access token nor an ID token" : null;
  }

  /** Without a key id the key must be the only one of its kind. */
  private Reply signed(SignedJWT token, KeyRing.Keys keys) {
    String kid = token.getHeader().getKeyID();
    List<JWK> candidates =
        keys.keys().stream()
            .filter(key -> kid == null || kid.equals(key.getKeyID()))
            .filter(
                key ->
                    Signatures.algorithmOf(key)
                        .filter(token.getHeader().getAlgorithm()::equals)
                        .isPresent())
            .toList();
    if (candidates.size() != 1) {
      return IamType.refused(
          "the token's key is not one of the issuer's, or not for RS256, ES256 or EdDSA");
    }
    if (!Signatures.signedBy(candidates.getFirst(), token)) {
      return IamType.refused("the token's signature is not valid");
    }
    return claims(token, keys.issuer());
  }

  private Reply claims(SignedJWT token, String issuer) {
    try {
      if (!(Json.read(token.getPayload().toBytes()) instanceof Map<?, ?> claims)) {
        return IamType.refused("the token's claims are no object");
      }
      String complaint = complaint(claims, issuer);
      return complaint == null ? Reply.ok(claims) : IamType.refused(complaint);
    } catch (JsonException broken) {
      return IamType.refused("the token's claims cannot be read");
    }
  }

  private String complaint(Map<?, ?> claims, String issuer) {
    Instant now = invocation.now();
    if (!issuer.equals(claims.get("iss"))) {
      return "the token is from another issuer";
    }
    Object audience = invocation.definition().settings().get("audience");
    if (audience != null && !isFor(claims.get("aud"), audience)) {
      return "the token is for another audience";
    }
    Instant until = instant(claims.get("exp"));
    if (until == null) {
      return "the token has no expiry";
    }
    if (!now.isBefore(until.plus(SKEW_MAX))) {
      return "the token has expired";
    }
    Instant from = instant(claims.get("nbf"));
    return from != null && now.isBefore(from.minus(SKEW_MAX)) ? "the token is not valid yet" : null;
  }

  private static boolean isFor(Object claim, Object audience) {
    return claim instanceof List<?> several ? several.contains(audience) : audience.equals(claim);
  }

  /** NumericDate (RFC 7519, section 2); null if it is none that a clock knows. */
  private static Instant instant(Object seconds) {
    return switch (seconds) {
      case Long whole when whole >= 0 && whole < Instant.MAX.getEpochSecond() ->
          Instant.ofEpochSecond(whole);
      case BigDecimal part
          when part.signum() >= 0
              && part.compareTo(BigDecimal.valueOf(Instant.MAX.getEpochSecond())) < 0 ->
          Instant.ofEpochSecond(part.longValue());
      case null, default -> null;
    };
  }
}
