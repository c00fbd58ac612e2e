package io.orchestrator.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orchestrator.access.Access.Denied;
import io.orchestrator.access.Access.Granted;
import io.orchestrator.access.Access.Unknown;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns bearer tokens (JWT, RFC 7519) of one issuer into callers. Safe for many threads. */
public final class Tokens implements AutoCloseable {
  private static final int ROLES_MAX = 200;
  private static final Duration SKEW_MAX = Duration.ofSeconds(60);
  private static final int TOKEN_CHARS_MAX = 8 * 1024;
  private static final int PERMISSIONS_MAX = 500;
  private static final int SUBJECT_CHARS_MAX = 200;
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);
  private static final Set<String> TYPES = Set.of("JWT", "AT+JWT", "APPLICATION/AT+JWT");

  private final Issuer issuer;
  private final KeySet keys;
  private final InstantSource clock;
  private final Signed signed;

  public Tokens(Issuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.keys = new KeySet(issuer.keys(), clock);
    this.clock = clock;
    this.signed = new Signed(clock);
  }

  /**
   * Reads an {@code Authorization} header ({@code Bearer ...}); null or another scheme is denied.
   */
  public Access ofHeader(String authorization) {
    if (authorization == null || authorization.isBlank()) {
      return new Denied("A bearer token is needed");
    }
    String[] parts = authorization.strip().split(" +", 2);
    return parts.length == 2 && parts[0].equalsIgnoreCase("Bearer")
        ? of(parts[1])
        : new Denied("The Authorization header must be: Bearer <token>");
  }

  /** Checks signature, issuer, audience and times, then reads tenant, subject and permissions. */
  public Access of(String token) {
    if (token.length() > TOKEN_CHARS_MAX) {
      return new Denied("The token is longer than " + TOKEN_CHARS_MAX + " characters");
    }
    JWTClaimsSet known = signed.get(token);
    if (known != null) {
      return read(known);
    }
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      return refusal(parsed.getHeader())
          .map(Access.class::cast)
          .or(() -> unsigned(parsed))
          .orElseGet(() -> read(token, parsed));
    } catch (ParseException | IllegalArgumentException e) {
      return new Denied("The token is not a signed JWT");
    }
  }

  @Override
  public void close() {
    keys.close();
  }

  private static Optional<Denied> refusal(JWSHeader header) {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      return Optional.of(
          new Denied("The token's algorithm is not accepted; RS256, ES256 and EdDSA are"));
    }
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
      return Optional.of(
          new Denied("The token's header demands extensions that are not known here"));
    }
    if (header.getType() != null
        && !TYPES.contains(header.getType().getType().toUpperCase(Locale.ROOT))) {
      return Optional.of(new Denied("The token is not an access token"));
    }
    return Optional.empty();
  }

  /**
   * Without a key id the key must be the only one of its kind, so that nobody chooses among them by
   * trying.
   */
  private Optional<Access> unsigned(SignedJWT token) {
    String kid = token.getHeader().getKeyID();
    List<JWK> all = keys.keysFor(kid);
    if (keys.isEmpty()) {
      return Optional.of(
          new Unknown("The token cannot be checked now, since the issuer's keys cannot be read"));
    }
    List<JWK> candidates =
        all.stream()
            .filter(key -> kid == null || kid.equals(key.getKeyID()))
            .filter(
                key ->
                    Signatures.algorithmOf(key)
                        .filter(token.getHeader().getAlgorithm()::equals)
                        .isPresent())
            .toList();
    if (candidates.size() != 1) {
      return Optional.of(new Denied("The token's key is not one of the issuer's"));
    }
    return Signatures.signedBy(candidates.getFirst(), token)
        ? Optional.empty()
        : Optional.of(new Denied("The token's signature is not valid"));
  }

  private Access read(String token, SignedJWT parsed) {
    try {
      JWTClaimsSet claims = parsed.getJWTClaimsSet();
      signed.put(token, claims);
      return read(claims);
    } catch (ParseException e) {
      return new Denied("The token's claims cannot be read");
    }
  }

  /** Times are looked at each time, whoever's signature was checked before. */
  private Access read(JWTClaimsSet claims) {
    return misfit(claims).map(Access.class::cast).orElseGet(() -> caller(claims));
  }

  private Optional<Denied> misfit(JWTClaimsSet claims) {
    Instant now = clock.instant();
    if (!issuer.name().equals(claims.getIssuer())) {
      return Optional.of(new Denied("The token is from another issuer"));
    }
    if (!claims.getAudience().contains(issuer.audience())) {
      return Optional.of(new Denied("The token is for another audience"));
    }
    Date until = claims.getExpirationTime();
    if (until == null) {
      return Optional.of(new Denied("The token has no expiry"));
    }
    if (!now.isBefore(until.toInstant().plus(SKEW_MAX))) {
      return Optional.of(new Denied("The token has expired"));
    }
    Date from = claims.getNotBeforeTime();
    if (from != null && now.isBefore(from.toInstant().minus(SKEW_MAX))) {
      return Optional.of(new Denied("The token is not valid yet"));
    }
    return Optional.empty();
  }

  private Access caller(JWTClaimsSet claims) {
    Issuer.Claims names = issuer.claims();
    if (!(claim(claims, names.tenant()) instanceof String tenant)
        || !TENANT.matcher(tenant).matches()) {
      return new Denied("The token names no tenant in its claim " + names.tenant());
    }
    String subject = claims.getSubject();
    if (subject == null || subject.isBlank() || subject.length() > SUBJECT_CHARS_MAX) {
      return new Denied("The token names no subject");
    }
    List<String> granted = granted(claims);
    if (granted.size() > PERMISSIONS_MAX) {
      return new Denied("The token has more than " + PERMISSIONS_MAX + " permissions");
    }
    List<String> roles = texts(claim(claims, names.roles())).stream().limit(ROLES_MAX).toList();
    List<Permission> permissions =
        Stream.concat(
                granted.stream().flatMap(p -> Permission.parse(p).stream()),
                names.grants().of(roles).stream())
            .distinct()
            .toList();
    return new Granted(new Caller(tenant, subject, permissions, roles));
  }

  /** A claim by its name, or by the way that leads into one. */
  private static Object claim(JWTClaimsSet claims, String name) {
    Object exact = claims.getClaim(name);
    if (exact != null) {
      return exact;
    }
    Object at = claims.getClaims();
    for (String part : name.split("\\.", -1)) {
      at = at instanceof Map<?, ?> map ? map.get(part) : null;
    }
    return at;
  }

  /**
   * The permissions claim decides if it is there, even if it is empty; only without it does {@code
   * scope} (RFC 8693, 4.2).
   */
  private List<String> granted(JWTClaimsSet claims) {
    Object listed = claim(claims, issuer.claims().permissions());
    if (listed == null) {
      listed = claims.getClaim("scope");
    }
    return texts(listed);
  }

  private static List<String> texts(Object listed) {
    return switch (listed) {
      case String text when text.isBlank() -> List.of();
      case String text -> Arrays.asList(text.strip().split("\\s+"));
      case List<?> list ->
          list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }
}
