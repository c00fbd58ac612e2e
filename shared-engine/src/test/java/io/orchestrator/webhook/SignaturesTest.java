package io.orchestrator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Trigger;
import io.orchestrator.flow.Verify;
import io.orchestrator.secret.SecretLookup;
import io.orchestrator.secret.SecretText;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The signatures of webhooks, by what the services publish about them: their own examples where
 * they give whole ones, else values that OpenSSL made.
 */
class SignaturesTest {
  private static final KnownNames NAMES = new KnownNames(Map.of(), Map.of(), Set.of());
  private static final String GITHUB_SIGNATURE =
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  private static final String SLACK_BODY =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
          + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
          + "&command=%2Fwebhook-collect&text="
          + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
          + "%2F96rGlfmibIGlgcZRskXaIFfN"
          + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  private static final String JEFE = "what do ya want for nothing?";

  private final Map<String, SecretLookup> secrets = new HashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private String body = "";
  private Instant now = Instant.ofEpochSecond(1_700_000_000);

  // -- what services publish

  @Test
  void the_example_of_github_is_genuine() {
    secret("github_webhook", "It's a Secret to Everybody");
    body = "Hello, World!";
    headers.put("x-hub-signature-256", GITHUB_SIGNATURE);
    assertThat(check("github")).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void the_example_of_slack_is_genuine() {
    slack();
    assertThat(check("slack")).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void the_example_of_standard_webhooks_is_genuine() {
    standard();
    assertThat(check("standard_webhooks")).isInstanceOf(Verdict.Genuine.class);
    Map<String, String> older = new LinkedHashMap<>();
    headers.forEach((name, value) -> older.put(name.replace("webhook-", "svix-"), value));
    headers.clear();
    headers.putAll(older);
    assertThat(check("standard_webhooks")).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void a_signature_of_stripe_is_genuine() {
    stripe();
    assertThat(check("stripe")).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void a_signature_of_retell_is_genuine() {
    retell();
    assertThat(check("retell")).isInstanceOf(Verdict.Genuine.class);
  }

  /** RFC 8032, 7.1, test 2. */
  @Test
  void the_example_of_ed25519_is_genuine_under_both_schemes_that_use_it() {
    String key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    String signature =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    body = "r";
    headers.put("x-ghl-signature", base64(HexFormat.of().parseHex(signature)));
    byte[] whole = HexFormat.of().parseHex("302a300506032b6570032100" + key);
    assertThat(check("{gohighlevel: {public_key: " + base64(whole) + "}}"))
        .isInstanceOf(Verdict.Genuine.class);
    body = "s";
    assertThat(check("{gohighlevel: {public_key: " + base64(whole) + "}}"))
        .isInstanceOf(Verdict.Forged.class);
  }

  /** RFC 2202 and RFC 4231, test case 2. */
  @Test
  void the_examples_of_hmac_are_genuine_with_every_algorithm_in_hexadecimal_and_base64() {
    secret("s", "Jefe");
    body = JEFE;
    Map<String, String> published = new LinkedHashMap<>();
    published.put("sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    published.put("sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    published.put(
        "sha384",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
            + "8e2240ca5e69e2c78b3239ecfab21649");
    published.put(
        "sha512",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    published.forEach(
        (algorithm, hex) -> {
          String verify = hmac("header: X-Signature, algorithm: " + algorithm);
          String base64 = base64(HexFormat.of().parseHex(hex));
          for (String shown :
              List.of(
                  hex,
                  hex.toUpperCase(java.util.Locale.ROOT),
                  algorithm + "=" + hex,
                  base64,
                  base64.replace("=", ""),
                  base64.replace('+', '-').replace('/', '_'))) {
            headers.put("x-signature", shown);
            assertThat(check(verify)).as(shown).isInstanceOf(Verdict.Genuine.class);
          }
          headers.put("x-signature", hex.substring(2));
          assertThat(check(verify)).isInstanceOf(Verdict.Forged.class);
        });
  }

  // -- hmac as a sender makes it

  @Test
  void an_hmac_may_cover_a_time_that_stands_in_a_header() throws GeneralSecurityException {
    secret("s", "Jefe");
    body = "{\"a\":1}";
    String verify = hmac("header: X-Sig, timestamp: X-Time, prefix: \"v0=\", tolerance: 2m");
    for (String time : List.of(seconds(0), seconds(-120), seconds(120), seconds(0) + "000")) {
      headers.put("x-time", time);
      headers.put("x-sig", "v0=" + mac("Jefe", time + "." + body));
      assertThat(check(verify)).as(time).isInstanceOf(Verdict.Genuine.class);
      headers.put("x-sig", mac("Jefe", time + "." + body));
      assertThat(check(verify)).as("without its prefix").isInstanceOf(Verdict.Forged.class);
    }
    for (String time : List.of(seconds(-121), seconds(121), "", "x", "-5", "1e9", "9".repeat(20))) {
      headers.put("x-time", time);
      headers.put("x-sig", "v0=" + mac("Jefe", time + "." + body));
      assertThat(check(verify)).as(time).isInstanceOf(Verdict.Forged.class);
    }
  }

  @Test
  void what_is_signed_can_be_said() throws GeneralSecurityException {
    secret("s", "Jefe");
    body = "{\"a\":1}";
    headers.put("x-time", seconds(0));
    headers.put("x-sig", mac("Jefe", "v0:" + seconds(0) + ":" + body));
    String verify = "header: X-Sig, timestamp: X-Time, signed: \"v0:{timestamp}:{body}\"";
    assertThat(check(hmac(verify))).isInstanceOf(Verdict.Genuine.class);
    assertThat(check(hmac("header: X-Sig, timestamp: X-Time"))).isInstanceOf(Verdict.Forged.class);
  }

  @Test
  void a_tolerance_bounds_a_time_that_stands_before_the_signature()
      throws GeneralSecurityException {
    secret("s", "Jefe");
    String verify = hmac("header: X-Signature, algorithm: sha256, tolerance: 5m");
    body = "{\"a\":1}";
    headers.put("x-signature", mac("Jefe", body));
    assertThat(check(verify)).as("without a time").isInstanceOf(Verdict.Genuine.class);
    headers.put("x-signature", "t=" + seconds(0) + ",v1=" + mac("Jefe", seconds(0) + "." + body));
    assertThat(check(verify)).isInstanceOf(Verdict.Genuine.class);
    String old = seconds(-301);
    String signature = mac("Jefe", old + "." + body);
    headers.put("x-signature", "t=" + old + ",v1=" + signature);
    assertThat(check(verify)).isInstanceOf(Verdict.Forged.class);
    headers.put("x-signature", signature);
    body = old + "." + body;
    assertThat(check(verify))
        .as("an old one, its time shown as a part of the body")
        .isInstanceOf(Verdict.Forged.class);
  }

  // -- what is wrong is refused

  @ParameterizedTest
  @ValueSource(strings = {"github", "slack", "standard_webhooks", "stripe", "retell"})
  void a_changed_body_a_wrong_secret_and_a_missing_or_doubled_header_are_forged(String scheme) {
    genuine(scheme);
    assertThat(check(scheme)).isInstanceOf(Verdict.Genuine.class);
    body = body + " ";
    assertThat(check(scheme)).as("a changed body").isInstanceOf(Verdict.Forged.class);
    genuine(scheme);
    for (String name : List.copyOf(headers.keySet())) {
      String value = headers.remove(name);
      assertThat(check(scheme)).as("without %s", name).isInstanceOf(Verdict.Forged.class);
      headers.put(name, "");
      assertThat(check(scheme)).as("%s empty", name).isInstanceOf(Verdict.Forged.class);
      headers.put(name, value + "," + value);
      assertThat(check(scheme)).as("%s twice", name).isInstanceOf(Verdict.Forged.class);
      headers.put(name, value + "0");
      assertThat(check(scheme)).as("%s longer", name).isInstanceOf(Verdict.Forged.class);
      headers.put(name, value);
    }
    secrets.replaceAll((name, value) -> new SecretLookup.Found(new SecretText("c29tZXRoaW5n")));
    assertThat(check(scheme)).as("another secret").isInstanceOf(Verdict.Forged.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slack", "standard_webhooks", "stripe", "retell"})
  void five_minutes_too_early_or_too_late_is_forged(String scheme) {
    genuine(scheme);
    Instant sent = now;
    for (int seconds : List.of(-300, 300)) {
      now = sent.plusSeconds(seconds);
      assertThat(check(scheme)).as("%s s", seconds).isInstanceOf(Verdict.Genuine.class);
    }
    for (int seconds : List.of(-301, 301, 86_400)) {
      now = sent.plusSeconds(seconds);
      assertThat(check(scheme)).as("%s s", seconds).isInstanceOf(Verdict.Forged.class);
    }
    now = sent.plusSeconds(3_000);
    assertThat(check("{" + scheme + ": {tolerance: 1h}}")).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void an_unknown_version_of_a_signature_counts_for_nothing() {
    stripe();
    headers.computeIfPresent("stripe-signature", (_, value) -> value.replace("v1=", "v0="));
    assertThat(check("stripe")).isInstanceOf(Verdict.Forged.class);
    standard();
    headers.computeIfPresent("webhook-signature", (_, value) -> value.replace("v1,", "v2,"));
    assertThat(check("standard_webhooks")).isInstanceOf(Verdict.Forged.class);
  }

  // -- rotation

  @Test
  void while_a_secret_is_replaced_the_old_one_and_the_new_one_count() {
    genuine("github");
    String old = "It's a Secret to Everybody";
    for (String stored :
        List.of(old + "\nnew", "new\n" + old + "\n", "[\"new\", \"" + old + "\"]")) {
      secret("github_webhook", stored);
      assertThat(check("github")).as(stored).isInstanceOf(Verdict.Genuine.class);
    }
    secret("github_webhook", "new");
    assertThat(check("github")).isInstanceOf(Verdict.Forged.class);
    secret("older", old);
    String both = "{github: {secret: [{secret: github_webhook}, {secret: older}]}}";
    assertThat(check(both)).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void a_sender_that_signs_with_two_secrets_is_known_by_either() {
    stripe();
    String right = headers.get("stripe-signature");
    headers.put("stripe-signature", right.replace(",v1=", ",v1=" + "0".repeat(64) + ",v1="));
    assertThat(check("stripe")).isInstanceOf(Verdict.Genuine.class);
    standard();
    String one = headers.get("webhook-signature");
    headers.put("webhook-signature", "v1,AAAA v1a,BBBB " + one);
    assertThat(check("standard_webhooks")).isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void a_secret_that_cannot_be_read_makes_nothing_forged() {
    genuine("github");
    secrets.put("github_webhook", new SecretLookup.Unavailable("away"));
    assertThat(check("github")).isEqualTo(new Verdict.Unready("away"));
    secrets.put("github_webhook", new SecretLookup.Missing("none"));
    assertThat(check("github")).isEqualTo(new Verdict.Unready("none"));
    secret("github_webhook", "  \n");
    assertThat(check("github")).isInstanceOf(Verdict.Unready.class);
    secret("other", "x");
    secrets.put("github_webhook", new SecretLookup.Unavailable("away"));
    String both = "{github: {secret: [{secret: github_webhook}, {secret: other}]}}";
    assertThat(check(both)).as("the right one may be away").isInstanceOf(Verdict.Unready.class);
  }

  // -- private keys of senders

  @Test
  void a_webhook_may_be_signed_with_a_private_key() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] bare = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    body = "{\"a\":1}";
    headers.put("webhook-id", "msg_1");
    headers.put("webhook-timestamp", seconds(0));
    String message = "msg_1." + seconds(0) + "." + body;
    headers.put("webhook-signature", "v1a," + signed("Ed25519", pair, message));
    String verify = "{standard_webhooks: {public_key: whpk_" + base64(bare) + "}}";
    assertThat(check(verify)).isInstanceOf(Verdict.Genuine.class);
    headers.put("webhook-id", "msg_2");
    assertThat(check(verify)).isInstanceOf(Verdict.Forged.class);
  }

  @Test
  void of_highlevels_two_signatures_the_newer_one_decides() throws GeneralSecurityException {
    KeyPair newer = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPair older = rsa.generateKeyPair();
    body = "{\"type\":\"ContactCreate\",\"webhookId\":\"w-1\"}";
    String newerKey = "public_key: \"" + pem(newer) + "\"";
    String both = newerKey + ", rsa_public_key: " + base64(older.getPublic().getEncoded());
    headers.put("x-wh-signature", signed("SHA256withRSA", older, body));
    assertThat(check("{gohighlevel: {" + newerKey + "}}"))
        .as("not configured")
        .isInstanceOf(Verdict.Forged.class);
    assertThat(check("{gohighlevel: {" + both + "}}")).isInstanceOf(Verdict.Genuine.class);
    headers.put("x-ghl-signature", "N/A");
    assertThat(check("{gohighlevel: {" + both + "}}")).isInstanceOf(Verdict.Genuine.class);
    headers.put("x-ghl-signature", signed("Ed25519", newer, body + " "));
    assertThat(check("{gohighlevel: {" + both + "}}"))
        .as("the newer one is wrong")
        .isInstanceOf(Verdict.Forged.class);
    headers.put("x-ghl-signature", signed("Ed25519", newer, body));
    assertThat(check("{gohighlevel: {" + both + "}}")).isInstanceOf(Verdict.Genuine.class);
    assertThat(check("gohighlevel"))
        .as("with the key that HighLevel publishes")
        .isInstanceOf(Verdict.Forged.class);
    headers.put("x-ghl-signature", "!");
    assertThat(check("gohighlevel")).isInstanceOf(Verdict.Forged.class);
  }

  // -- events

  @Test
  void a_service_says_what_it_calls_an_event() {
    Map<String, String> all =
        Map.of("webhook-signature", "v1,x", "webhook-id", "msg_1", "x-github-delivery", " d-1 ");
    Map<String, Object> data =
        Map.of("id", "evt_1", "event_id", "Ev1", "webhookId", "w-1", "call", "c");
    assertThat(EventIds.of(verify("standard_webhooks"), all, data)).isEqualTo("msg_1");
    assertThat(EventIds.of(verify("standard_webhooks"), Map.of("svix-id", "s"), data))
        .isEqualTo("s");
    assertThat(EventIds.of(verify("github"), all, data)).isEqualTo("d-1");
    assertThat(EventIds.of(verify("stripe"), all, data)).isEqualTo("evt_1");
    assertThat(EventIds.of(verify("slack"), all, data)).isEqualTo("Ev1");
    assertThat(EventIds.of(verify("gohighlevel"), all, data)).isEqualTo("w-1");
    assertThat(EventIds.of(verify("retell"), all, data)).isNull();
    assertThat(EventIds.of(verify("stripe"), all, List.of(data))).isNull();
    assertThat(EventIds.of(verify("github"), Map.of(), data)).isNull();
  }

  // -- helpers

  private void genuine(String scheme) {
    headers.clear();
    switch (scheme) {
      case "github" -> {
        secret("github_webhook", "It's a Secret to Everybody");
        body = "Hello, World!";
        headers.put("x-hub-signature-256", GITHUB_SIGNATURE);
      }
      case "slack" -> slack();
      case "standard_webhooks" -> standard();
      case "stripe" -> stripe();
      default -> retell();
    }
  }

  private void slack() {
    secret("slack_webhook", "8f742231b10e8888abcd99yyyzzz85a5");
    body = SLACK_BODY;
    now = Instant.ofEpochSecond(1_531_420_618);
    headers.put("x-slack-request-timestamp", "1531420618");
    headers.put(
        "x-slack-signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
  }

  private void standard() {
    secret("standard_webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    body = "{\"test\": 2432232314}";
    now = Instant.ofEpochSecond(1_614_265_330);
    headers.put("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
    headers.put("webhook-timestamp", "1614265330");
    headers.put("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  private void stripe() {
    secret("stripe_webhook", "whsec_test_secret");
    body = "{\"id\": \"evt_1\", \"object\": \"event\"}";
    now = Instant.ofEpochSecond(1_492_774_577);
    headers.put(
        "stripe-signature",
        "t=1492774577,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"
            + ",v1=09357d4fb8d9eba6f07fdea6b2428fa819063ec7bb7f9eca18b88cf0ff729476");
  }

  private void retell() {
    secret("retell_key", "key_0123456789");
    body = "{\"event\":\"call_ended\",\"call\":{\"call_id\":\"c-1\"}}";
    now = Instant.ofEpochMilli(1_731_000_000_000L);
    headers.put(
        "x-retell-signature",
        "v=1731000000000,d=1b7b25c5cdb4059f4875694d2bc19e0b737e15932aa70165a87e62f58c2f311b");
  }

  private Verdict check(String verify) {
    Signatures signatures =
        new Signatures(
            (tenant, name) ->
                secrets.getOrDefault(
                    tenant.equals("acme") ? name : "", new SecretLookup.Missing("no " + name)),
            () -> now);
    return signatures.check("acme", verify(verify), headers, body.getBytes(UTF_8));
  }

  private static Verify verify(String text) {
    FlowValidation flow =
        FlowValidation.validate(
            "flow: f\ntriggers: [{webhook: {verify: " + text + "}}]\nsteps: [{a: {set: {x: 1}}}]\n",
            NAMES);
    assertThat(flow.errors()).isEmpty();
    return ((Trigger.Webhook) flow.flow().triggers().getFirst()).verify();
  }

  private static String hmac(String settings) {
    return "{hmac: {secret: {secret: s}, " + settings + "}}";
  }

  private void secret(String name, String value) {
    secrets.put(name, new SecretLookup.Found(new SecretText(value)));
  }

  private String seconds(long later) {
    return Long.toString(now.plus(Duration.ofSeconds(later)).getEpochSecond());
  }

  /** By the JDK itself, not by what is tested. */
  private static String mac(String key, String message) throws GeneralSecurityException {
    javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
    mac.init(new javax.crypto.spec.SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(message.getBytes(UTF_8)));
  }

  private static String signed(String algorithm, KeyPair pair, String message)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(message.getBytes(UTF_8));
    return base64(signature.sign());
  }

  private static String pem(KeyPair pair) {
    return "-----BEGIN PUBLIC KEY-----\\n"
        + base64(pair.getPublic().getEncoded())
        + "\\n-----END PUBLIC KEY-----\\n";
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
