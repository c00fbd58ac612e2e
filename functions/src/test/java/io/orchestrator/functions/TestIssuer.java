package io.orchestrator.functions;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** An issuer of tokens with a real key, served over HTTP. */
final class TestIssuer implements AutoCloseable {
  static final String NAME = "https://issuer.test";
  static final String AUDIENCE = "orchestrator";

  private final ECKey key;
  private final HttpServer server;

  TestIssuer() throws IOException, JOSEException {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          try (exchange) {
            exchange.getResponseBody().write(keys);
          }
        });
    server.start();
  }

  String keysUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
  }

  String token(String tenant, String... permissions) {
    return token(tenant, Instant.now().plusSeconds(600), permissions);
  }

  /** A token of somebody with roles. */
  String token(String tenant, String subject, List<String> roles, String... permissions) {
    return signed(AUDIENCE, tenant, subject, roles, Instant.now().plusSeconds(600), permissions);
  }

  /** A token for another API of the same issuer. */
  String tokenFor(String audience, String tenant, String... permissions) {
    Instant until = Instant.now().plusSeconds(600);
    return signed(audience, tenant, "ann", List.of(), until, permissions);
  }

  String token(String tenant, Instant until, String... permissions) {
    return signed(AUDIENCE, tenant, "ann", List.of(), until, permissions);
  }

  private String signed(
      String audience,
      String tenant,
      String subject,
      List<String> roles,
      Instant until,
      String... permissions) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(NAME)
            .audience(audience)
            .subject(subject)
            .claim("roles", roles)
            .expirationTime(Date.from(until))
            .claim("tenant", tenant)
            .claim("permissions", List.of(permissions))
            .build();
    try {
      SignedJWT token =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(), claims);
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
