package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The voice example on real services, resumed by the report of a call that Retell has signed. */
class RetellReportTest {
  private static RealServices real;

  @BeforeAll
  static void start() throws Exception {
    real = new RealServices();
    real.stack.publish(RealServices.example("customer-support-voice/flow.yaml"));
    real.stack.publish(RealServices.example("customer-support-voice/services/report.yaml"));
  }

  @AfterAll
  static void stop() {
    real.close();
  }

  @BeforeEach
  void begin() {
    real.begin();
  }

  private static String called() throws JOSEException {
    String id =
        real.stack.execute(
            "customer-support-voice",
            Json.write(
                Map.of(
                    "input",
                    Map.of(
                        "token",
                        real.token("user-7", "shop"),
                        "phone",
                        "+12137774445",
                        "problem",
                        "my invoice is wrong",
                        "email",
                        "ada@example.com"))));
    real.stack.settle();
    assertThat(real.execution(id)).containsEntry("status", "waiting");
    return id;
  }

  /** What Retell posts when a call is over. */
  private static String report(String callId, String reason) {
    Map<String, Object> asked = Template.map(real.retell.last().json());
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
        real.stack.post(true, null, "/hooks/acme/retell", body, "x-retell-signature", signature);
    real.stack.settle();
    return answer;
  }

  @Test
  void the_signed_report_of_a_call_lets_the_flow_go_on() throws Exception {
    String id = called();
    assertThat(real.retell.last().json())
        .extracting("from_number", "to_number", "retell_llm_dynamic_variables.prompt")
        .containsExactly(
            "+14157774444",
            "+12137774445",
            "Be kind. Hello, you asked us to call you back. The problem: my invoice is wrong");
    String report = report("call_" + id, "user_hangup");
    assertThat(reported(report, Instant.now(), RealServices.RETELL_KEY).status()).isEqualTo(202);
    Map<String, Object> ended = real.execution(id);
    assertThat(ended).containsEntry("status", "completed");
    assertThat(ended.get("output"))
        .isEqualTo(
            Map.of("customer", "user-7", "reached", true, "category", "billing", "call", "call_7"));
    assertThat(reported(report, Instant.now().plusMillis(1), RealServices.RETELL_KEY).status())
        .isEqualTo(202);
    assertThat(real.callbacks.asked()).hasSize(1);
  }

  @Test
  void a_report_that_nobody_was_there_is_the_failure_that_the_flow_handles() throws Exception {
    String id = called();
    reported(report("call_" + id, "dial_no_answer"), Instant.now(), RealServices.RETELL_KEY);
    Map<String, Object> ended = real.execution(id);
    assertThat(ended).containsEntry("status", "completed");
    assertThat(ended.get("output")).extracting("reached").isEqualTo(false);
  }

  @Test
  void a_report_that_is_forged_or_old_changes_nothing() throws Exception {
    String id = called();
    String report = report("call_" + id, "user_hangup");
    assertThat(reported(report, Instant.now(), "another key").status()).isEqualTo(401);
    assertThat(reported(report, Instant.now().minusSeconds(301), RealServices.RETELL_KEY).status())
        .isEqualTo(401);
    assertThat(real.stack.post(true, null, "/hooks/acme/retell", report).status()).isEqualTo(401);
    assertThat(real.callbacks.asked()).isEmpty();
    assertThat(real.execution(id)).containsEntry("status", "waiting");
  }
}
