package io.orchestrator.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.functions.TestStack.Answer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Webhooks as services send them, signed, and what they are answered. */
class HooksTest {
  private static final String BODY = "{\"id\": \"evt_1\", \"n\": 1.50}";
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack =
        new TestStack(
            Map.of(
                "ORCHESTRATOR_SECRET_SHOP", "old\nnew",
                "ORCHESTRATOR_SECRET_GITHUB_WEBHOOK", "It's a Secret to Everybody",
                "ORCHESTRATOR_SECRET_STANDARD_WEBHOOKS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "ORCHESTRATOR_SECRET_STRIPE_WEBHOOK", "whsec_test_secret",
                "ORCHESTRATOR_SECRET_SLACK_WEBHOOK", "8f742231b10e8888abcd99yyyzzz85a5",
                "ORCHESTRATOR_SECRET_RETELL_KEY", "key_0123456789"));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  // -- who sends

  @Test
  void a_request_that_its_service_has_signed_starts_the_flow_and_no_other_does() throws Exception {
    for (String scheme : List.of("github", "standard_webhooks", "stripe", "slack", "retell")) {
      String flow = "signed-" + scheme.replace('_', '-');
      publish(flow, "verify: " + scheme, "a: {set: {n: $input.n}}");
      String path = "/hooks/acme/" + flow;
      Map<String, String> headers = signed(scheme, BODY, 0);
      Answer genuine = stack.hook(path, BODY.getBytes(UTF_8), headers);
      assertThat(genuine.status()).as("%s %s", scheme, genuine.body()).isEqualTo(202);
      long executions = stack.count("executions where flow = '" + flow + "'");
      long keys = stack.count("idempotency_keys");
      assertThat(executions).isEqualTo(1);

      List<Answer> refused = new ArrayList<>();
      refused.add(stack.hook(path, (BODY + " ").getBytes(UTF_8), headers));
      refused.add(stack.hook(path, BODY.getBytes(UTF_8), Map.of("content-type", "text/x")));
      refused.add(stack.hook(path, "{".getBytes(UTF_8), headers));
      if (!scheme.equals("github")) {
        refused.add(stack.hook(path, BODY.getBytes(UTF_8), signed(scheme, BODY, -400)));
        refused.add(stack.hook(path, BODY.getBytes(UTF_8), signed(scheme, BODY, 400)));
      }
      refused.add(stack.post(true, stack.admin(), path, BODY));
      assertThat(refused).extracting(Answer::status).containsOnly(401);
      assertThat(refused.stream().map(HooksTest::shown).distinct())
          .as("nobody is told what was wrong")
          .hasSize(1);
      assertThat(refused.getFirst().headers()).containsKey("www-authenticate");
      assertThat(stack.count("executions where flow = '" + flow + "'")).isEqualTo(executions);
      assertThat(stack.count("idempotency_keys")).isEqualTo(keys);
    }
  }

  private static String shown(Answer answer) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    headers.remove("traceparent");
    return headers + answer.body();
  }

  @Test
  void the_size_is_looked_at_before_the_signature_and_the_signature_before_the_body()
      throws Exception {
    publish("in-order", hmac("X-Signature"), "a: {set: {x: 1}}");
    String path = "/hooks/acme/in-order";
    byte[] large = "x".repeat(Limits.BODY_BYTES_MAX + 1).getBytes(UTF_8);
    assertThat(stack.hook(path, large, Map.of()).status()).isEqualTo(413);
    assertThat(stack.hook(path, "{".getBytes(UTF_8), Map.of()).status()).isEqualTo(401);
    Map<String, String> headers = Map.of("x-signature", mac("new", "{"));
    assertThat(stack.hook(path, "{".getBytes(UTF_8), headers).status()).isEqualTo(400);
    Map<String, String> typed =
        Map.of("x-signature", mac("new", "{}"), "content-type", "text/plain");
    assertThat(stack.hook(path, "{}".getBytes(UTF_8), typed).status()).isEqualTo(415);
    assertThat(stack.hook("/hooks/acme/in-ordr", large, Map.of()).status()).isEqualTo(413);
  }

  @Test
  void the_bytes_are_signed_as_they_came_whatever_the_gateway_does_with_them() throws Exception {
    publish("raw-bytes", hmac("X-Signature"), "a: {set: {name: $input.name}}");
    byte[] body = "{ \"name\" : \"Zo\u00eb \ud83d\ude00\",\r\n\"n\":1.50 }".getBytes(UTF_8);
    Map<String, String> headers = Map.of("x-signature", "sha256=" + mac("old", body));
    Answer encoded = stack.hook("/hooks/acme/raw-bytes", body, headers);
    assertThat(encoded.status()).as(encoded.body()).isEqualTo(202);
    Answer text =
        stack.post(
            true,
            null,
            "/hooks/acme/raw-bytes",
            new String(body, UTF_8),
            "x-signature",
            mac("new", body));
    assertThat(text.status()).as("with the other secret").isEqualTo(202);
    stack.settle();
    assertThat(execution((String) encoded.json().get("id")))
        .containsEntry("output", Map.of("name", "Zo\u00eb \ud83d\ude00"));
  }

  @Test
  void a_webhook_whose_secret_is_missing_asks_to_try_again_and_lets_nobody_in() {
    publish("no-secret", "verify: {github: {secret: {secret: nowhere}}}", "a: {set: {x: 1}}");
    Answer answer =
        stack.hook("/hooks/acme/no-secret", "{}".getBytes(UTF_8), Map.of("x-hub", "sha256=00"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers()).containsKey("retry-after");
    assertThat(answer.body()).doesNotContain("nowhere");
  }

  @Test
  void refused_requests_are_told_to_the_audit_trail_once_a_minute() {
    publish("watched", hmac("X-Signature"), "a: {set: {x: 1}}");
    for (int i = 0; i < 3; i++) {
      assertThat(stack.hook("/hooks/acme/watched", "{}".getBytes(UTF_8), Map.of()).status())
          .isEqualTo(401);
    }
    Answer trail = stack.call(stack.admin(), "GET", "/audit?actor=webhook:watched", null);
    List<?> items = (List<?>) trail.json().get("items");
    assertThat(items).hasSize(1);
    assertThat(Template.map(items.getFirst())).containsEntry("outcome", "denied");
  }

  @Test
  void a_flow_sees_the_headers_of_a_request_but_no_signature_and_no_token() throws Exception {
    publish("sees", hmac("X-Signature"), "a: {set: {h: $trigger.headers}}");
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Signature", mac("new", "{}"));
    headers.put("X-Shop", "eu");
    headers.put("Authorization", "Bearer t");
    Answer answer = stack.hook("/hooks/acme/sees", "{}".getBytes(UTF_8), headers);
    stack.settle();
    Object output = execution((String) answer.json().get("id")).get("output");
    assertThat(Template.map(Template.map(output).get("h")))
        .containsEntry("x-shop", "eu")
        .doesNotContainKeys("x-signature", "authorization");
  }

  // -- what is the same

  @Test
  void a_repetition_that_is_signed_anew_is_the_same_event() throws Exception {
    publish("again", "verify: standard_webhooks", "a: {set: {x: 1}}");
    Answer first = stack.hook("/hooks/acme/again", BODY.getBytes(UTF_8), standard(BODY, -60, "m1"));
    Answer later = stack.hook("/hooks/acme/again", BODY.getBytes(UTF_8), standard(BODY, 0, "m1"));
    Answer other = stack.hook("/hooks/acme/again", BODY.getBytes(UTF_8), standard(BODY, 0, "m2"));
    assertThat(first.status()).as(first.body()).isEqualTo(202);
    assertThat(later.json()).isEqualTo(first.json());
    assertThat(other.json()).isNotEqualTo(first.json());
    publish("again-own", "verify: stripe, dedupe: $trigger.body.n", "a: {set: {x: 1}}");
    String path = "/hooks/acme/again-own";
    Answer one = stack.hook(path, BODY.getBytes(UTF_8), signed("stripe", BODY, 0));
    String renamed = BODY.replace("evt_1", "evt_2");
    Answer two = stack.hook(path, renamed.getBytes(UTF_8), signed("stripe", renamed, 1));
    assertThat(two.json()).as("the flow says what is the same").isEqualTo(one.json());
  }

  @Test
  void of_two_flows_that_are_published_for_one_path_at_once_one_gets_it() throws Exception {
    List<Callable<Answer>> both = new ArrayList<>();
    for (String name : List.of("left", "right")) {
      String text =
          "flow: "
              + name
              + "\ntriggers: [{webhook: {path: wanted}}]\nsteps: [{a: {set: {x: 1}}}]\n";
      both.add(
          () ->
              stack.call(
                  stack.admin(), "POST", "/flows", text, "content-type", "application/yaml"));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Answer> answers = threads.invokeAll(both).stream().map(Future::resultNow).toList();
      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 409);
    }
    assertThatThrownBy(
            () ->
                stack
                    .database
                    .owner()
                    .getConnection()
                    .createStatement()
                    .execute(
                        "insert into webhook_paths (tenant, path, flow) select tenant, path, flow"
                            + " from webhook_paths where path = 'wanted'"))
        .hasMessageContaining("webhook_paths_pkey");
  }

  // -- what is answered

  @Test
  void a_synchronous_webhook_answers_with_the_output() {
    publish("asks", "verify: none, respond: sync", "a: {set: {challenge: $input.challenge}}");
    Answer answer = stack.post(true, null, "/hooks/acme/asks", "{\"challenge\": \"c-1\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).isEqualTo(Map.of("challenge", "c-1"));
    String id = answer.headers().get("location").replace("/executions/", "");
    assertThat(execution(id)).containsEntry("status", "completed");
  }

  @Test
  void one_that_takes_longer_goes_on_and_one_that_fails_says_so() {
    publish("slow", "verify: none, respond: {sync: 50ms}", "a: {wait: 1h}");
    Answer slow = stack.post(true, null, "/hooks/acme/slow", "{}");
    assertThat(slow.status()).isEqualTo(202);
    assertThat(slow.headers()).containsEntry("location", "/executions/" + slow.json().get("id"));
    publish(
        "broken", "verify: none, respond: sync", "a: {raise: {type: out_of_stock, message: no}}");
    Answer broken = stack.post(true, null, "/hooks/acme/broken", "{}");
    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.code()).isEqualTo("execution_failed");
    assertThat(Template.map(broken.json().get("execution"))).containsEntry("status", "failed");
    assertThat(broken.body()).doesNotContain("out_of_stock");
  }

  @Test
  void a_repetition_is_answered_with_the_output_of_the_first() {
    publish(
        "asks-once",
        "verify: none, respond: sync, dedupe: $trigger.body.id",
        "a: {set: {n: $input.n}}");
    Answer first = stack.post(true, null, "/hooks/acme/asks-once", "{\"id\": 1, \"n\": 1}");
    Answer again = stack.post(true, null, "/hooks/acme/asks-once", "{\"id\": 1, \"n\": 2}");
    assertThat(again.json()).isEqualTo(first.json()).isEqualTo(Map.of("n", 1L));
  }

  @Test
  void a_form_is_a_map_of_its_fields() throws Exception {
    publish("form", "verify: slack, respond: sync", "a: {set: {b: $trigger.body}}");
    String body = "command=%2Fdeploy&text=to+prod&user=u%C3%A9&tag=a&tag=b&empty=";
    Map<String, String> headers = new LinkedHashMap<>(signed("slack", body, 0));
    headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    Answer answer = stack.hook("/hooks/acme/form", body.getBytes(UTF_8), headers);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("command", "/deploy");
    fields.put("text", "to prod");
    fields.put("user", "u\u00e9");
    fields.put("tag", List.of("a", "b"));
    fields.put("empty", "");
    assertThat(answer.json().get("b")).isEqualTo(fields);
    String bad = "a=%zz";
    Map<String, String> signed = new LinkedHashMap<>(signed("slack", bad, 0));
    signed.put("content-type", "application/x-www-form-urlencoded");
    assertThat(stack.hook("/hooks/acme/form", bad.getBytes(UTF_8), signed).status()).isEqualTo(400);
  }

  @Test
  void every_path_that_can_be_published_can_be_called() {
    String longest = "_" + "a.b-c_9".repeat(28);
    stack.publish(
        "flow: odd-path\ntriggers: [{webhook: {path: "
            + longest
            + ", verify: none}}]\nsteps: [{a: {set: {x: 1}}}]\n");
    assertThat(stack.post(true, null, "/hooks/acme/" + longest, "{}").status()).isEqualTo(202);
  }

  // -- the example

  @Test
  void the_example_of_a_signed_webhook_runs() throws Exception {
    stack.publish(Files.readString(Path.of("..", "examples", "paid-checkout", "flow.yaml")));
    String path = "/hooks/acme/paid-checkout";
    String paid =
        """
        {"id": "evt_9", "type": "checkout.session.completed", "data": {"object": {"id": "cs_1",
         "payment_status": "paid", "amount_total": 2050, "currency": "eur",
         "customer_details": {"email": "ada@example.com"}}}}
        """;
    Answer answer = stack.hook(path, paid.getBytes(UTF_8), signed("stripe", paid, -30));
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    Answer again = stack.hook(path, paid.getBytes(UTF_8), signed("stripe", paid, 0));
    assertThat(again.json()).as("Stripe repeats it with a new time").isEqualTo(answer.json());
    stack.settle();
    assertThat(execution((String) answer.json().get("id")))
        .containsEntry("status", "completed")
        .containsEntry("output", Map.of("checkout", "cs_1", "amount", new BigDecimal("20.5")));
    String unpaid = paid.replace("\"paid\"", "\"unpaid\"");
    assertThat(stack.hook(path, unpaid.getBytes(UTF_8), signed("stripe", unpaid, 0)).json())
        .isEqualTo(Map.of("status", "ignored"));
  }

  // -- helpers

  private static void publish(String flow, String webhook, String step) {
    stack.publish(
        "flow: " + flow + "\ntriggers: [{webhook: {" + webhook + "}}]\nsteps:\n  - " + step + "\n");
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static String hmac(String header) {
    return "verify: {hmac: {secret: {secret: shop}, header: " + header + "}}";
  }

  /** As the service signs it, so many seconds from now. */
  private static Map<String, String> signed(String scheme, String body, long later)
      throws GeneralSecurityException {
    long time = Instant.now().getEpochSecond() + later;
    return switch (scheme) {
      case "github" ->
          Map.of("x-hub-signature-256", "sha256=" + mac("It's a Secret to Everybody", body));
      case "standard_webhooks" -> standard(body, later, "msg_1");
      case "stripe" ->
          Map.of(
              "stripe-signature",
              "t=" + time + ",v1=" + mac("whsec_test_secret", time + "." + body));
      case "slack" ->
          Map.of(
              "x-slack-request-timestamp",
              Long.toString(time),
              "x-slack-signature",
              "v0=" + mac("8f742231b10e8888abcd99yyyzzz85a5", "v0:" + time + ":" + body));
      default ->
          Map.of(
              "x-retell-signature",
              "v=" + time + "000,d=" + mac("key_0123456789", body + time + "000"));
    };
  }

  private static Map<String, String> standard(String body, long later, String id)
      throws GeneralSecurityException {
    long time = Instant.now().getEpochSecond() + later;
    byte[] key = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    byte[] mac = mac(key, (id + "." + time + "." + body).getBytes(UTF_8));
    return Map.of(
        "webhook-id",
        id,
        "webhook-timestamp",
        Long.toString(time),
        "webhook-signature",
        "v1," + Base64.getEncoder().encodeToString(mac));
  }

  private static String mac(String key, String message) throws GeneralSecurityException {
    return mac(key, message.getBytes(UTF_8));
  }

  private static String mac(String key, byte[] message) throws GeneralSecurityException {
    return HexFormat.of().formatHex(mac(key.getBytes(UTF_8), message));
  }

  private static byte[] mac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }
}
