package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.orchestrator.adapter.ContractServer;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The customer-support examples, unchanged, on an identity provider, a prompt service and Retell that
 * speak as the real ones do, bound by the definitions of the example.
 */
class RealServicesTest {
  private static final String RETELL_KEY = "key_2f5c0b1a9d";
  private static ContractServer iam;
  private static ContractServer prompts;
  private static ContractServer retell;
  private static ContractServer callbacks;
  private static ECKey key;
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    iam = new ContractServer();
    prompts = new ContractServer();
    retell = new ContractServer();
    callbacks = new ContractServer();
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    stack =
        new TestStack(
            Map.of(
                "EGRESS_ALLOW",
                "127.0.0.0/8",
                "ORCHESTRATOR_SECRET_RETELL_KEY",
                RETELL_KEY,
                "ORCHESTRATOR_SECRET_PROMPT_SERVICE_KEY",
                "prompts-1"));
    define("iam", "https://login.example.com/realms/shop", iam);
    define("prompt_service", "https://prompts.example.com", prompts);
    define("retell", "", retell);
    define("callbacks", "http://localhost:8080", callbacks);
    stack.publish(example("customer-support/flow.yaml"));
    stack.publish(example("customer-support-voice/flow.yaml"));
    stack.publish(example("customer-support-voice/services/report.yaml"));
  }

  @AfterAll
  static void stop() {
    stack.close();
    List.of(iam, prompts, retell, callbacks).forEach(ContractServer::close);
  }

  @BeforeEach
  void serve() {
    List.of(iam, prompts, retell, callbacks).forEach(server -> server.asked().clear());
    iam.answers(RealServicesTest::issuer);
    prompts.answers(
        Told.json(200, "{'templateId': 'support-agent-v1', 'version': 3, 'text': 'Be kind.'}"));
    retell.answers(
        Told.json(
            201,
            "{'call_id': 'call_7', 'call_type': 'phone_call', 'call_status': 'registered'}"));
    // What the installation's own address would do.
    callbacks.answers(
        asked -> {
          String query = asked.query() == null ? "" : "?" + asked.query();
          Answer answer = stack.post(false, null, asked.path() + query, asked.body());
          return new Told(
              answer.status(), Map.of("Content-Type", "application/json"), answer.body());
        });
  }

  private static String example(String file) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return Files.readString(here.resolve("examples").resolve(file));
  }

  /** The definition of the example, at the address of the contract server. */
  private static void define(String adapter, String address, ContractServer server)
      throws IOException {
    String text = example("customer-support-voice/services/" + adapter + ".yaml");
    String bound =
        address.isEmpty()
            ? text + "base_url: " + server.base() + "\n"
            : text.replace("base_url: " + address, "base_url: " + server.base());
    String allow = "allow: [\"127.0.0.1:" + server.base().getPort() + "\"]\n";
    String allowed =
        bound.contains("allow:")
            ? bound.replaceFirst("(?m)^allow:.*\n", allow)
            : bound + allow;
    Answer put =
        stack.call(
            stack.admin(),
            "PUT",
            "/adapters/" + adapter,
            allowed,
            "content-type",
            "application/yaml");
    assertThat(put.status()).as(put.body()).isEqualTo(201);
  }

  private static Told issuer(Asked asked) {
    return switch (asked.path()) {
      case "/.well-known/openid-configuration" ->
          Told.json(
              200,
              "{'issuer': '" + iam.base() + "', 'jwks_uri': '" + iam.base() + "/oauth/keys'}");
      case "/oauth/keys" -> Told.json(200, new JWKSet(key).toString(true));
      default -> Told.json(404, "{}");
    };
  }

  private static String token(String subject, String audience) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
            new JWTClaimsSet.Builder()
                .issuer(iam.base().toString())
                .subject(subject)
                .audience(audience)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                .build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static String hooked(String body) {
    Answer started =
        stack.post(true, stack.token("flow:execute"), "/hooks/acme/customer-support", body);
    assertThat(started.status()).as(started.body()).isEqualTo(202);
    stack.settle();
    return (String) started.json().get("id");
  }

  // -- customer-support, byte for byte as the language fixes it

  @Test
  void a_request_with_a_good_token_becomes_a_call() throws JOSEException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("token", token("user-7", "shop"));
    body.put("from_number", "+14157774444");
    body.put("to_number", "+12137774445");
    Map<String, Object> ended = execution(hooked(Json.write(body)));
    assertThat(ended).containsEntry("status", "completed");
    assertThat(ended.get("output")).extracting("call_id").isEqualTo("call_7");
    assertThat(prompts.asked())
        .allSatisfy(
            asked -> {
              assertThat(asked.method()).isEqualTo("GET");
              assertThat(asked.path()).isEqualTo("/templates/support-agent-v1");
              assertThat(asked.headers()).containsEntry("authorization", "Bearer prompts-1");
            });
    Asked call = retell.last();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/v2/create-phone-call");
    assertThat(call.headers()).containsEntry("authorization", "Bearer " + RETELL_KEY);
    assertThat(call.body()).doesNotContain((String) body.get("token"));
    assertThat(call.json()).extracting("to_number").isEqualTo("+12137774445");
  }

  @Test
  void nobody_is_called_for_a_token_that_is_not_good() throws JOSEException {
    Map<String, Object> ended =
        execution(
            hooked("{\"token\": \"" + token("user-7", "bank") + "\", \"to_number\": \"+1213\"}"));
    assertThat(ended).containsEntry("status", "failed");
    assertThat(ended.get("error"))
        .extracting("type", "message", "adapter")
        .containsExactly("authentication", "the token is for another audience", "iam");
    assertThat(retell.asked()).isEmpty();
  }

  // -- customer-support-voice, resumed by Retell's signed report

  private static String called() throws JOSEException {
    String id =
        stack.execute(
            "customer-support-voice",
            Json.write(
                Map.of(
                    "input",
                    Map.of(
                        "token",
                        token("user-7", "shop"),
                        "phone",
                        "+12137774445",
                        "problem",
                        "my invoice is wrong",
                        "email",
                        "ada@example.com"))));
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "waiting");
    return id;
  }

  /** What Retell posts when a call is over. */
  private static String report(String callId, String reason) {
    Map<String, Object> asked = Template.map(retell.last().json());
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("call_type", "phone_call");
    call.put("call_id", callId);
    call.put("call_status", "ended");
    call.put("metadata", asked.get("metadata"));
    call.put("disconnection_reason", reason);
    call.put("duration_ms", 94_000L);
    call.put("transcript", "Agent: Hello.\nUser: I was charged twice for my invoice.\n");
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", "call_ended");
    event.put("call", call);
    return Json.write(event);
  }

  private static Answer reported(String body, Instant at, String secret)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String digest =
        HexFormat.of()
            .formatHex(mac.doFinal((body + at.toEpochMilli()).getBytes(StandardCharsets.UTF_8)));
    String signature = "v=" + at.toEpochMilli() + ",d=" + digest;
    Answer answer =
        stack.post(true, null, "/hooks/acme/retell", body, "x-retell-signature", signature);
    stack.settle();
    return answer;
  }

  @Test
  void the_signed_report_of_a_call_lets_the_flow_go_on() throws Exception {
    String id = called();
    assertThat(retell.last().json())
        .extracting("from_number", "to_number", "retell_llm_dynamic_variables.prompt")
        .containsExactly(
            "+14157774444",
            "+12137774445",
            "Be kind. Hello, you asked us to call you back. The problem: my invoice is wrong");
    String report = report("call_" + id, "user_hangup");
    assertThat(reported(report, Instant.now(), RETELL_KEY).status()).isEqualTo(202);
    Map<String, Object> ended = execution(id);
    assertThat(ended).containsEntry("status", "completed");
    assertThat(ended.get("output"))
        .isEqualTo(
            Map.of("customer", "user-7", "reached", true, "category", "billing", "call", "call_7"));
    assertThat(reported(report, Instant.now().plusMillis(1), RETELL_KEY).status()).isEqualTo(202);
    assertThat(callbacks.asked()).hasSize(1);
  }

  @Test
  void a_report_that_nobody_was_there_is_the_failure_that_the_flow_handles() throws Exception {
    String id = called();
    reported(report("call_" + id, "dial_no_answer"), Instant.now(), RETELL_KEY);
    Map<String, Object> ended = execution(id);
    assertThat(ended).containsEntry("status", "completed");
    assertThat(ended.get("output")).extracting("reached").isEqualTo(false);
  }

  @Test
  void a_report_that_is_forged_or_old_changes_nothing() throws Exception {
    String id = called();
    String report = report("call_" + id, "user_hangup");
    assertThat(reported(report, Instant.now(), "another key").status()).isEqualTo(401);
    assertThat(reported(report, Instant.now().minusSeconds(301), RETELL_KEY).status())
        .isEqualTo(401);
    assertThat(stack.post(true, null, "/hooks/acme/retell", report).status()).isEqualTo(401);
    assertThat(callbacks.asked()).isEmpty();
    assertThat(execution(id)).containsEntry("status", "waiting");
  }
}
