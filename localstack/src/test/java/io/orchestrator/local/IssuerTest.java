package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerTest {
  @TempDir Path folder;

  @Test
  void a_token_is_verified_by_the_published_keys_of_a_later_start() throws Exception {
    Home home = new Home(folder);
    Clock clock = Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC);
    SignedJWT token =
        SignedJWT.parse(
            Issuer.of(home).token("acme", List.of("flow:read", "flow:execute"), "ann", clock));

    JWKSet keys = JWKSet.parse(Issuer.of(home).jwks());
    var key = keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey();
    assertThat(key.isPrivate()).isFalse();
    assertThat(token.verify(new RSASSAVerifier(key))).isTrue();
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("https://issuer.orchestrator.local");
    assertThat(claims.getAudience()).containsExactly("orchestrator");
    assertThat(claims.getSubject()).isEqualTo("ann");
    assertThat(claims.getStringClaim("tenant")).isEqualTo("acme");
    assertThat(claims.getStringListClaim("permissions"))
        .containsExactly("flow:read", "flow:execute");
    assertThat(claims.getExpirationTime()).isEqualTo(clock.instant().plus(Duration.ofHours(24)));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.issuerKey())))
        .isEqualTo("rw-------");
  }
}
