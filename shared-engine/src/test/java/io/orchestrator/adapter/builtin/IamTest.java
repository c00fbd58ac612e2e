package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenID Connect Discovery 1.0 with JWT, token introspection (RFC 7662) and the OpenID
 * Authorization API 1.0.
 */
class IamTest {
  private final ECKey key = generated("k1");
  private ECKey served = key;
  private Bound iam;

  @BeforeEach
  void bind() throws IOException {
    iam = new Bound("{adapter: iam, type: iam, settings: {audience: shop}}");
    iam.server.answers(this::issuer);
  }

  @AfterEach
  void close() {
    iam.close();
  }

  private static ECKey generated(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private String base() {
    return iam.server.base().toString();
  }

  private Told issuer(Asked asked) {
    return switch (asked.path()) {
      case "/.well-known/openid-configuration" ->
          Told.json(200, "{'issuer': '" + base() + "', 'jwks_uri': '" + base() + "/oauth/keys'}");
      case "/oauth/keys" -> Told.json(200, new JWKSet(served).toString(true));
      default -> Told.json(404, "{}");
    };
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(base())
        .subject("user-7")
        .audience(List.of("shop", "account"))
        .claim("email", "ada@example.com")
        .claim("name", "Ada Example")
        .claim("scope", "openid orders")
        .expirationTime(Date.from(Calling.NOW.plusSeconds(300)));
  }

  private static String signed(ECKey by, JWTClaimsSet claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID(by.getKeyID())
                .type(JOSEObjectType.JWT)
                .build(),
            claims);
    token.sign(new ECDSASigner(by));
    return token.serialize();
  }

  private static String params(String token) {
    return "{'token': '" + token + "'}";
  }

  private void isRefused(String token, String why) {
    Failure failure = iam.failure("verify_token", params(token));
    assertThat(failure.type()).isEqualTo("authentication");
    assertThat(failure.message()).contains(why);
    assertThat(failure.retryable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer "})
  void a_token_is_checked_with_the_keys_that_the_issuer_publishes(String scheme)
      throws JOSEException {
    Object result = iam.result(null, params(scheme + signed(key, claims().build())));
    assertThat(result)
        .isEqualTo(
            Map.of(
                "valid",
                true,
                "user",
                Map.of("id", "user-7", "name", "Ada Example", "email", "ada@example.com"),
                "scope",
                "openid orders",
                "expires_at",
                Calling.NOW.plusSeconds(300).getEpochSecond(),
                "claims",
                Json.read(claims().build().toString())));
    assertThat(iam.server.asked())
        .extracting(Asked::method, Asked::path)
        .containsExactly(
            tuple("GET", "/.well-known/openid-configuration"), tuple("GET", "/oauth/keys"));
    assertThat(iam.server.asked())
        .allSatisfy(asked -> assertThat(asked.headers()).doesNotContainKey("authorization"));
  }

  @Test
  void keys_are_fetched_once_for_many_tokens_and_again_when_they_are_old() throws JOSEException {
    String token = signed(key, claims().build());
    for (int i = 0; i < 3; i++) {
      iam.result(null, params(token));
    }
    assertThat(iam.server.asked()).hasSize(2);
    iam.after(Duration.ofMinutes(11));
    isRefused(token, "expired");
    assertThat(iam.server.asked()).hasSize(4);
  }

  @Test
  void a_new_key_is_fetched_when_a_token_names_it_but_not_at_the_will_of_a_stranger()
      throws JOSEException {
    iam.result(null, params(signed(key, claims().build())));
    ECKey next = generated("k2");
    isRefused(signed(next, claims().build()), "is not one of the issuer's");
    assertThat(iam.server.asked()).hasSize(2);
    served = next;
    iam.after(Duration.ofSeconds(5));
    iam.result(null, params(signed(next, claims().build())));
    assertThat(iam.server.asked()).hasSize(4);
  }

  @Test
  void known_keys_serve_while_the_issuer_is_away() throws JOSEException {
    String token =
        signed(key, claims().expirationTime(Date.from(Calling.NOW.plusSeconds(9_000))).build());
    iam.result(null, params(token));
    iam.server.answers(Told.json(503, "{}"));
    iam.after(Duration.ofMinutes(30));
    iam.result(null, params(token));
    iam.after(Duration.ofMinutes(31));
    assertThat(iam.failure(null, params(token)))
        .extracting(Failure::type, Failure::retryable)
        .containsExactly("adapter_unavailable", true);
  }

  @Test
  void what_is_not_signed_by_the_issuer_is_refused() throws JOSEException {
    isRefused(signed(generated("k1"), claims().build()), "signature is not valid");
    isRefused(new PlainJWT(claims().build()).serialize(), "not a signed JWT");
    isRefused("no.token", "not a signed JWT");
    SignedJWT mac = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
    mac.sign(new MACSigner(key.toECPublicKey().getEncoded()));
    isRefused(mac.serialize(), "not for RS256, ES256 or EdDSA");
    String[] parts = signed(key, claims().build()).split("\\.", -1);
    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                claims().subject("admin").build().toString().getBytes(StandardCharsets.UTF_8));
    isRefused(parts[0] + "." + forged + "." + parts[2], "signature is not valid");
  }

  @Test
  void claims_must_be_of_this_issuer_for_this_audience_and_time() throws JOSEException {
    isRefused(signed(key, claims().issuer("https://other").build()), "another issuer");
    isRefused(signed(key, claims().audience("bank").build()), "another audience");
    isRefused(signed(key, claims().expirationTime(null).build()), "no expiry");
    isRefused(
        signed(key, claims().expirationTime(Date.from(Calling.NOW.minusSeconds(60))).build()),
        "expired");
    isRefused(
        signed(key, claims().notBeforeTime(Date.from(Calling.NOW.plusSeconds(61))).build()),
        "not valid yet");
  }

  @Test
  void a_discovery_document_of_another_issuer_or_with_keys_elsewhere_is_not_believed()
      throws JOSEException {
    String token = params(signed(key, claims().build()));
    iam.server.answers(Told.json(200, "{'issuer': 'https://other', 'jwks_uri': 'x'}"));
    assertThat(iam.failure(null, token).message()).contains("of another issuer");
    iam.server.answers(
        Told.json(200, "{'issuer': '" + base() + "', 'jwks_uri': 'http://localhost:1/keys'}"));
    assertThat(iam.failure(null, token))
        .extracting(Failure::type, Failure::retryable)
        .containsExactly("adapter_error", false);
    assertThat(iam.failure(null, token).message()).contains("settings.jwks_uri");
    assertThat(iam.server.asked())
        .extracting(Asked::path)
        .containsOnly("/.well-known/openid-configuration");
  }

  @Test
  void issuer_and_key_set_can_be_told_by_the_definition() throws IOException, JOSEException {
    try (Bound other =
        new Bound(
            """
            adapter: login
            type: iam
            base_url: https://login.example.com
            settings: {issuer: "https://issuer.example.com/", jwks_uri: "%s/oauth/keys"}
            """
                .formatted(base()))) {
      other.server.answers(Told.json(500, "{}"));
      String token =
          signed(key, claims().issuer("https://issuer.example.com/").audience("any").build());
      assertThat(other.result("verify_token", params(token)))
          .extracting("user.id")
          .isEqualTo("user-7");
      assertThat(iam.server.asked()).extracting(Asked::path).containsExactly("/oauth/keys");
    }
  }

  @Test
  void a_token_is_introspected_as_a_form_by_a_client_that_shows_who_it_is() throws IOException {
    try (Bound other =
        new Bound(
            """
            adapter: iam
            type: iam
            auth: {basic: {username: orchestrator, password: {secret: iam_client}}}
            settings: {verify: introspection}
            """)) {
      other.server.answers(
          Told.json(200, "{'active': true, 'sub': 'user-7', 'username': 'ada', 'scope': 'a b'}"));
      assertThat(other.result(null, "{'token': 'Bearer opaque/+='}"))
          .extracting("valid", "user.id", "user.name", "scope")
          .containsExactly(true, "user-7", "ada", "a b");
      Asked asked = other.server.last();
      assertThat(asked.method()).isEqualTo("POST");
      assertThat(asked.path()).isEqualTo("/introspect");
      assertThat(asked.headers())
          .containsEntry("content-type", "application/x-www-form-urlencoded")
          .containsEntry(
              "authorization",
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString(
                          "orchestrator:the-iam_client".getBytes(StandardCharsets.UTF_8)));
      assertThat(asked.body()).isEqualTo("token=opaque%2F%2B%3D&token_type_hint=access_token");
      other.server.answers(Told.json(200, "{'active': false}"));
      assertThat(other.failure(null, "{'token': 'old'}"))
          .extracting(Failure::type, Failure::message, Failure::adapter)
          .containsExactly("authentication", "the token is not active", "iam");
      other.server.answers(Told.json(503, "{}"));
      assertThat(other.failure(null, "{'token': 'old'}").type()).isEqualTo("adapter_unavailable");
    }
  }

  @Test
  void a_service_of_another_shape_is_said_in_the_definition() throws IOException {
    try (Bound other =
        new Bound(
            """
            adapter: iam
            type: iam
            auth: {header: {name: X-Api-Key, value: {secret: iam}}}
            settings: {verify: http}
            actions:
              verify_token:
                method: GET
                path: /session
                headers: {X-Session: $params.token}
                query: {}
                body: null
                output: {valid: $response.body.ok, user: {id: $response.body.uid}}
              check_permission:
                path: /can
                body: {who: $params.subject, what: $params.permission}
                output: {allowed: $response.body.yes}
            """)) {
      other.server.answers(Told.json(200, "{'ok': true, 'uid': 'u1', 'yes': false}"));
      assertThat(other.result(null, "{'token': 's1'}"))
          .isEqualTo(Map.of("valid", true, "user", Map.of("id", "u1")));
      assertThat(other.server.last().headers())
          .containsEntry("x-session", "s1")
          .containsEntry("x-api-key", "the-iam");
      assertThat(other.result("check_permission", "{'subject': 'u1', 'permission': 'refund'}"))
          .isEqualTo(Map.of("allowed", false));
      assertThat(other.server.last().json()).isEqualTo(Map.of("who", "u1", "what", "refund"));
    }
  }

  @Test
  void an_unknown_way_to_verify_lets_nobody_in() throws IOException {
    try (Bound other = new Bound("{adapter: iam, type: iam, settings: {verify: none}}")) {
      assertThat(other.failure(null, "{'token': 'any'}").type()).isEqualTo("validation");
      assertThat(other.server.asked()).isEmpty();
    }
  }

  @Test
  void a_permission_is_asked_for_by_subject_action_and_resource() {
    iam.server.answers(Told.json(200, "{'decision': true, 'context': {'reason': 'owner'}}"));
    assertThat(
            iam.result(
                "check_permission",
                """
                {'subject': 'user-7', 'permission': 'can_refund', 'resource': 'o-1',
                 'resource_type': 'order', 'context': {'ip': '10.0.0.1'}}
                """))
        .isEqualTo(Map.of("allowed", true, "context", Map.of("reason", "owner")));
    Asked asked = iam.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/access/v1/evaluation");
    assertThat(asked.json())
        .isEqualTo(
            Calling.data(
                """
                {'subject': {'type': 'user', 'id': 'user-7'}, 'action': {'name': 'can_refund'},
                 'resource': {'type': 'order', 'id': 'o-1'}, 'context': {'ip': '10.0.0.1'}}
                """));
    iam.server.answers(Told.json(200, "{'decision': false}"));
    assertThat(iam.result("check_permission", "{'subject': 'u', 'permission': 'p'}"))
        .extracting("allowed")
        .isEqualTo(false);
    assertThat(iam.server.last().json())
        .extracting("resource")
        .isEqualTo(Map.of("type", "resource", "id", "*"));
  }
}
