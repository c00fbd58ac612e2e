package io.orchestrator.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.orchestrator.access.Access.Denied;
import io.orchestrator.access.Access.Granted;
import io.orchestrator.access.Permission.Action;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static RSAKey rsa;
  private static RSAKey otherRsa;
  private static ECKey ec;
  private static LocalIssuer.Ed ed;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
  private LocalIssuer issuer;
  private Tokens tokens;

  @BeforeAll
  static void keys() throws Exception {
    rsa = LocalIssuer.rsa("r1");
    otherRsa = LocalIssuer.rsa("r2");
    ec = LocalIssuer.ec("e1");
    ed = LocalIssuer.Ed.generate("d1");
  }

  @BeforeEach
  void start() throws Exception {
    issuer = new LocalIssuer();
    issuer.serves(rsa, ec, ed.jwk());
    tokens = new Tokens(Issuer.of(LocalIssuer.NAME, "orchestrator", issuer.keys()), now::get);
  }

  @AfterEach
  void stop() {
    tokens.close();
    issuer.close();
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(LocalIssuer.NAME)
        .audience("orchestrator")
        .subject("ada")
        .claim("tenant", "acme")
        .claim("permissions", List.of("flow:read", "flow:execute:support-*"))
        .expirationTime(Date.from(now.get().plusSeconds(300)));
  }

  private String valid() throws Exception {
    return LocalIssuer.signed(rsa, JWSAlgorithm.RS256, claims().build());
  }

  private Access of(JWTClaimsSet.Builder claims) throws Exception {
    return tokens.of(LocalIssuer.signed(rsa, JWSAlgorithm.RS256, claims.build()));
  }

  private static void assertDenied(Access access, String why) {
    assertThat(access)
        .isInstanceOfSatisfying(Denied.class, denied -> assertThat(denied.why()).contains(why));
  }

  private static Caller granted(Access access) {
    assertThat(access).isInstanceOf(Granted.class);
    return ((Granted) access).caller();
  }

  @Test
  void a_valid_token_gives_tenant_subject_and_permissions() throws Exception {
    Caller caller = granted(tokens.ofHeader("Bearer " + valid()));
    assertThat(caller.tenant()).isEqualTo("acme");
    assertThat(caller.subject()).isEqualTo("ada");
    assertThat(caller.may(Action.READ, "anything")).isTrue();
    assertThat(caller.may(Action.EXECUTE, "support-night")).isTrue();
    assertThat(caller.may(Action.EXECUTE, "billing")).isFalse();
    assertThat(caller.may(Action.ADMIN)).isFalse();
  }

  @Test
  void every_kind_of_key_is_accepted_with_its_own_algorithm() throws Exception {
    granted(tokens.of(LocalIssuer.signed(ec, claims().build())));
    granted(tokens.of(ed.signed(claims().build())));
    granted(tokens.of(valid()));
    assertThat(issuer.fetches).hasValue(1);
  }

  @Test
  void a_changed_payload_or_signature_is_denied_for_every_kind_of_key() throws Exception {
    for (String token :
        List.of(valid(), LocalIssuer.signed(ec, claims().build()), ed.signed(claims().build()))) {
      String[] parts = token.split("\\.", 3);
      Base64URL admin =
          Base64URL.encode(claims().claim("permissions", List.of("flow:admin")).build().toString());
      assertDenied(tokens.of(parts[0] + "." + admin + "." + parts[2]), "signature");
      String other = (parts[2].charAt(0) == 'A' ? "B" : "A") + parts[2].substring(1);
      assertDenied(tokens.of(parts[0] + "." + parts[1] + "." + other), "signature");
    }
  }

  @Test
  void an_unsigned_token_is_denied() throws Exception {
    assertThat(tokens.of(new PlainJWT(claims().build()).serialize())).isInstanceOf(Denied.class);
    String header = Base64URL.encode("{\"alg\":\"none\",\"kid\":\"r1\"}").toString();
    assertThat(tokens.of(header + "." + claims().build().toPayload().toBase64URL() + "."))
        .isInstanceOf(Denied.class);
    assertThat(issuer.fetches).hasValue(0);
  }

  @Test
  void a_token_signed_with_the_public_key_as_a_shared_secret_is_denied() throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(), claims().build());
    byte[] secret = MessageDigest.getInstance("SHA-256").digest(rsa.toRSAPublicKey().getEncoded());
    token.sign(new MACSigner(secret));
    assertDenied(tokens.of(token.serialize()), "algorithm");
  }

  @Test
  void an_algorithm_that_is_not_the_keys_own_is_denied() throws Exception {
    assertDenied(
        tokens.of(LocalIssuer.signed(rsa, JWSAlgorithm.RS512, claims().build())), "algorithm");
    assertDenied(
        tokens.of(LocalIssuer.signed(rsa, JWSAlgorithm.PS256, claims().build())), "algorithm");
    ECKey namedAsRsa = new ECKey.Builder(LocalIssuer.ec("x")).keyID("r1").build();
    assertDenied(tokens.of(LocalIssuer.signed(namedAsRsa, claims().build())), "key");
  }

  @Test
  void a_key_meant_for_encryption_or_another_algorithm_is_not_used() throws Exception {
    issuer.serves(new RSAKey.Builder(rsa).algorithm(JWSAlgorithm.RS512).build());
    assertDenied(tokens.of(valid()), "key");
  }

  @Test
  void a_key_of_somebody_else_under_a_known_id_is_denied() throws Exception {
    RSAKey impostor = new RSAKey.Builder(otherRsa).keyID("r1").build();
    assertDenied(
        tokens.of(LocalIssuer.signed(impostor, JWSAlgorithm.RS256, claims().build())), "signature");
  }

  @Test
  void a_token_is_denied_from_sixty_seconds_after_its_expiry() throws Exception {
    String token = valid();
    now.updateAndGet(t -> t.plusSeconds(359));
    granted(tokens.of(token));
    now.updateAndGet(t -> t.plusSeconds(1));
    assertDenied(tokens.of(token), "expired");
  }

  @Test
  void a_token_is_denied_until_sixty_seconds_before_its_start() throws Exception {
    granted(of(claims().notBeforeTime(Date.from(now.get().plusSeconds(60)))));
    assertDenied(of(claims().notBeforeTime(Date.from(now.get().plusSeconds(61)))), "not valid yet");
  }

  @Test
  void a_token_without_expiry_is_denied() throws Exception {
    assertDenied(of(claims().expirationTime(null)), "expiry");
  }

  @Test
  void another_issuer_or_audience_is_denied() throws Exception {
    assertDenied(of(claims().issuer("https://evil.example")), "issuer");
    assertDenied(of(claims().issuer(null)), "issuer");
    assertDenied(of(claims().audience("shop")), "audience");
    assertDenied(of(claims().audience((String) null)), "audience");
    granted(of(claims().audience(List.of("shop", "orchestrator"))));
  }

  @Test
  void a_token_without_a_usable_tenant_or_subject_is_denied() throws Exception {
    assertDenied(of(claims().claim("tenant", null)), "tenant");
    assertDenied(of(claims().claim("tenant", "")), "tenant");
    assertDenied(of(claims().claim("tenant", "../other")), "tenant");
    assertDenied(of(claims().claim("tenant", List.of("acme", "other"))), "tenant");
    assertDenied(of(claims().subject(null)), "subject");
  }

  @Test
  void permissions_come_from_the_scope_only_if_their_own_claim_is_missing() throws Exception {
    Caller byScope =
        granted(
            of(
                claims()
                    .claim("permissions", null)
                    .claim("scope", "openid flow:create  flow:read:a")));
    assertThat(byScope.permissions()).hasToString("[flow:create, flow:read:a]");
    Caller none =
        granted(of(claims().claim("permissions", List.of()).claim("scope", "flow:admin")));
    assertThat(none.permissions()).isEmpty();
    Caller odd =
        granted(of(claims().claim("permissions", List.of(1, "flow:read", List.of("flow:admin")))));
    assertThat(odd.permissions()).hasToString("[flow:read]");
  }

  @Test
  void the_claims_names_are_configurable() throws Exception {
    Issuer custom = issuer(new Issuer.Claims("https://x/org", "roles", "roles", Roles.NONE));
    try (Tokens other = new Tokens(custom, now::get)) {
      JWTClaimsSet claims =
          claims().claim("https://x/org", "globex").claim("roles", List.of("flow:admin")).build();
      Caller caller = granted(other.of(LocalIssuer.signed(rsa, JWSAlgorithm.RS256, claims)));
      assertThat(caller.tenant()).isEqualTo("globex");
      assertThat(caller.may(Action.ADMIN)).isTrue();
    }
  }

  private Issuer issuer(Issuer.Claims claims) {
    return new Issuer(LocalIssuer.NAME, "orchestrator", issuer.keys(), claims);
  }

  @Test
  void roles_grant_what_the_deployment_says_beside_what_the_token_grants() throws Exception {
    Roles roles = Roles.parse("support=flow:execute:support-*; boss=flow:admin");
    Issuer.Claims names = new Issuer.Claims("tenant", "permissions", "realm_access.roles", roles);
    try (Tokens other = new Tokens(issuer(names), now::get)) {
      JWTClaimsSet claims =
          claims()
              .claim("permissions", List.of("flow:read"))
              .claim("roles", List.of("boss"))
              .claim("realm_access", Map.of("roles", List.of("support", "cook")))
              .build();
      Caller caller = granted(other.of(LocalIssuer.signed(rsa, JWSAlgorithm.RS256, claims)));
      assertThat(caller.permissions()).hasToString("[flow:read, flow:execute:support-*]");
      assertThat(caller.roles()).containsExactly("support", "cook");
    }
  }

  @Test
  void a_claim_whose_name_has_dots_is_itself_before_it_is_a_way() throws Exception {
    Issuer.Claims names = new Issuer.Claims("a.b", "permissions", "roles", Roles.NONE);
    try (Tokens other = new Tokens(issuer(names), now::get)) {
      JWTClaimsSet claims =
          claims().claim("a.b", "globex").claim("a", Map.of("b", "initech")).build();
      assertThat(granted(other.of(LocalIssuer.signed(rsa, JWSAlgorithm.RS256, claims))).tenant())
          .isEqualTo("globex");
    }
  }

  @Test
  void a_rotated_key_is_fetched_when_a_token_names_it() throws Exception {
    granted(tokens.of(valid()));
    issuer.serves(rsa, otherRsa);
    String rotated = LocalIssuer.signed(otherRsa, JWSAlgorithm.RS256, claims().build());
    assertDenied(tokens.of(rotated), "key");
    now.updateAndGet(t -> t.plusSeconds(5));
    granted(tokens.of(rotated));
    assertThat(issuer.fetches).hasValue(2);
  }

  @Test
  void unknown_keys_make_at_most_one_fetch_in_five_seconds() throws Exception {
    granted(tokens.of(valid()));
    now.updateAndGet(t -> t.plusSeconds(6));
    for (int i = 0; i < 20; i++) {
      RSAKey unknown = new RSAKey.Builder(otherRsa).keyID("unknown" + i).build();
      assertDenied(
          tokens.of(LocalIssuer.signed(unknown, JWSAlgorithm.RS256, claims().build())), "key");
    }
    assertThat(issuer.fetches).hasValue(2);
  }

  @Test
  void a_withdrawn_key_is_denied_once_the_set_is_old() throws Exception {
    JWTClaimsSet lasting =
        claims().expirationTime(Date.from(now.get().plus(Duration.ofHours(1)))).build();
    String token = LocalIssuer.signed(rsa, JWSAlgorithm.RS256, lasting);
    granted(tokens.of(token));
    issuer.serves(otherRsa);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(11)));
    assertDenied(tokens.of(token), "key");
  }

  @Test
  void known_keys_go_on_serving_while_the_issuer_is_down() throws Exception {
    granted(tokens.of(valid()));
    for (String broken : List.of("not json", "{\"keys\": 5}", "x".repeat(300_000))) {
      issuer.body = broken;
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(11)));
      granted(tokens.of(valid()));
    }
    issuer.status = 503;
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(11)));
    granted(tokens.of(valid()));
    issuer.close();
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(11)));
    granted(tokens.of(valid()));
    assertThat(issuer.fetches).hasValue(5);
  }

  @Test
  void without_any_key_ever_read_nobody_can_say() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:1/keys");
    try (Tokens lost = new Tokens(Issuer.of(LocalIssuer.NAME, "orchestrator", nobody), now::get)) {
      assertThat(lost.of(valid()))
          .isInstanceOfSatisfying(
              Access.Unknown.class,
              unknown -> assertThat(unknown.why()).contains("cannot be read"));
      assertThat(lost.ofHeader("Bearer rubbish")).isInstanceOf(Denied.class);
    }
  }

  @Test
  void many_first_callers_at_once_fetch_the_keys_once() throws Exception {
    String token = valid();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Access>> calls = Collections.nCopies(50, () -> tokens.of(token));
      for (var answer : threads.invokeAll(calls)) {
        granted(answer.get());
      }
    }
    assertThat(issuer.fetches).hasValue(1);
  }

  @Test
  void a_key_in_the_tokens_own_header_is_never_trusted() throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(otherRsa.toPublicJWK()).build();
    SignedJWT token = new SignedJWT(header, claims().build());
    token.sign(new RSASSASigner(otherRsa));
    assertDenied(tokens.of(token.serialize()), "signature");
  }

  @Test
  void garbage_is_denied_without_a_fetch() {
    for (String header :
        new String[] {
          null,
          "",
          "Bearer",
          "Basic YTpi",
          "Bearer a.b.c",
          "Bearer ..",
          "Bearer \u0000",
          "Bearer " + "a".repeat(9000),
          "Bearer " + Base64URL.encode("[]".getBytes(StandardCharsets.UTF_8)) + ".e30.e30"
        }) {
      assertThat(tokens.ofHeader(header)).as("header %s", header).isInstanceOf(Denied.class);
    }
    assertThat(issuer.fetches).hasValue(0);
  }
}
