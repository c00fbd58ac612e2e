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
import io.orchestrator.functions.TestStack.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * A stack on which the services of the customer-support examples are bound by the definitions of
 * the example to servers that speak as the real ones do.
 */
final class RealServices implements AutoCloseable {
  static final String RETELL_KEY = "key_2f5c0b1a9d";
  final ContractServer iam = new ContractServer();
  final ContractServer prompts = new ContractServer();
  final ContractServer retell = new ContractServer();
  final ContractServer callbacks = new ContractServer();
  private final ECKey key;
  final TestStack stack;

  RealServices() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    stack =
        new TestStack(
            Map.of(
                // One runner takes quick and slow steps, as there is no other here.
                "SLOW_CALLS",
                "true",
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
  }

  @Override
  public void close() {
    stack.close();
    List.of(iam, prompts, retell, callbacks).forEach(ContractServer::close);
  }

  /** Everybody is well again and remembers nothing. */
  void begin() {
    List.of(iam, prompts, retell, callbacks).forEach(server -> server.asked().clear());
    iam.answers(this::issuer);
    prompts.answers(
        Told.json(200, "{'templateId': 'support-agent-v1', 'version': 3, 'text': 'Be kind.'}"));
    retell.answers(
        Told.json(
            201, "{'call_id': 'call_7', 'call_type': 'phone_call', 'call_status': 'registered'}"));
    // What the installation's own address would do.
    callbacks.answers(
        asked -> {
          String query = asked.query() == null ? "" : "?" + asked.query();
          Answer answer = stack.post(false, null, asked.path() + query, asked.body());
          return new Told(
              answer.status(), Map.of("Content-Type", "application/json"), answer.body());
        });
  }

  static String example(String file) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return Files.readString(here.resolve("examples").resolve(file));
  }

  /** The definition of the example, at the address of the contract server. */
  private void define(String adapter, String address, ContractServer server) throws IOException {
    String text = example("customer-support-voice/services/" + adapter + ".yaml");
    String bound =
        address.isEmpty()
            ? text + "base_url: " + server.base() + "\n"
            : text.replace("base_url: " + address, "base_url: " + server.base());
    String allow = "allow: [\"127.0.0.1:" + server.base().getPort() + "\"]\n";
    String allowed =
        bound.contains("allow:") ? bound.replaceFirst("(?m)^allow:.*\n", allow) : bound + allow;
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

  private Told issuer(Asked asked) {
    return switch (asked.path()) {
      case "/.well-known/openid-configuration" ->
          Told.json(
              200, "{'issuer': '" + iam.base() + "', 'jwks_uri': '" + iam.base() + "/oauth/keys'}");
      case "/oauth/keys" -> Told.json(200, new JWKSet(key).toString(true));
      default -> Told.json(404, "{}");
    };
  }

  String token(String subject, String audience) throws JOSEException {
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

  Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }
}
