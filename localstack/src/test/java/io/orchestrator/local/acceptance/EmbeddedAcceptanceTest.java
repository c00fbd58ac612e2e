package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.local.StackOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The acceptance tests on the stack that needs no Docker. */
class EmbeddedAcceptanceTest extends Acceptance {
  private EmbeddedTarget embedded;

  @Override
  Target start(Path folder) {
    embedded = new EmbeddedTarget(StackOptions.of(Project.template(), folder).onPort(0));
    return embedded;
  }

  /** The events that the README gives to {@code sam local invoke}. */
  @ParameterizedTest
  @CsvSource({
    "api-health, ApiFunction, 200",
    "api-execute, ApiFunction, 401",
    "trigger-webhook, TriggerFunction, '\"statusCode\":4'",
    "resume-callback, ResumeFunction, '\"statusCode\":4'",
    "step-batch, StepRunnerFunction, batchItemFailures=[]",
    "resume-batch, ResumeFunction, '\"batchItemFailures\":[]'",
    "sweep, SweepFunction, batchItemFailures=[]",
    "tick, TickFunction, sent="
  })
  void a_sample_event_is_one_that_its_function_takes(String event, String function, String answer)
      throws Exception {
    Object data =
        Json.read(Files.readString(Project.ROOT.resolve("functions/events/" + event + ".json")));

    Object answered = embedded.stack().function(function).invoke(data, Object.class);

    String text =
        answered instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.UTF_8)
            : String.valueOf(answered);
    assertThat(text).contains(answer);
  }

  /** They are fixed to the byte: the language may grow around them, never away from them. */
  @ParameterizedTest
  @CsvSource({
    "customer-support, 70283d22cd79cc1d156a85eda8e55b8579691a9474ec78c40d02d9f0d454094e",
    "onboarding, 6141b44f2b5e45cf9ceef8f1378eb52cc1e71920becab1f7c2da7b749c5d2c3f",
    "multi-channel-notify, 3c88f268c75a91403744dd7ef2572dcd58fff752e431dec383c3993d184186eb",
    "support-routing, a9ce303100d13f3df706d666af181a0d30d71563eb64923ee0da644d8243cba2",
    "payment-processing, 63e230b6c81d9e4554b9dc64ccdcf72f8467d734cd7252f94bc0234aefaea6e9"
  })
  void the_first_five_flows_are_what_they_were(String flow, String sha256)
      throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Project.example(flow, "flow.yaml"));

    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
  }
}
