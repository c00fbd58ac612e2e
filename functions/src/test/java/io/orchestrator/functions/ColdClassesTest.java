package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a process does not need it does not load: a cold start pays for every class. */
class ColdClassesTest {
  /** A process that serves a request and takes a message, without any server at hand. */
  static final class Starter {
    private Starter() {}

    public static void main(String[] arguments) {
      System.setProperty("aws.accessKeyId", "local");
      System.setProperty("aws.secretAccessKey", "local");
      System.setProperty("aws.region", "eu-central-1");
      Map<String, String> environment = new HashMap<>();
      for (String queue : List.of("STEP", "SLOW", "RESUME", "SWEEP")) {
        environment.put(queue + "_QUEUE_URL", "http://127.0.0.1:1/" + queue);
      }
      environment.put("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1");
      environment.put("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");
      environment.put("CALLBACK_SECRET", "callback");
      environment.put("ORCHESTRATOR_SECRET_CALLBACK", "a key of at least thirty-two characters");
      environment.put("JWT_ISSUER", "https://issuer.test");
      environment.put("JWT_AUDIENCE", "orchestrator");
      environment.put("SANDBOX", "true");
      environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", arguments[0]);
      try (ApiFunction api = new ApiFunction(environment);
          StepRunnerFunction steps = new StepRunnerFunction(environment)) {
        int status =
            api.handleRequest(
                    TestStack.event(null, "GET", "/schemas/flow.json", null), new Called(30_000))
                .getStatusCode();
        SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
        message.setMessageId("m");
        message.setBody("{}");
        SQSEvent batch = new SQSEvent();
        batch.setRecords(List.of(message));
        List<String> failed = TestStack.failures(steps.handleRequest(batch, new Called(30_000)));
        System.out.println("answered " + status + ", failed " + failed);
      }
    }
  }

  private static String loaded(String endpoint) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                java,
                "-Xshare:auto",
                "-Xlog:class+load:stdout:tags",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                Starter.class.getName(),
                endpoint)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("answered 200, failed [m]");
    return said;
  }

  @Test
  void without_a_collector_nothing_of_opentelemetry_is_loaded() throws Exception {
    assertThat(loaded("").lines().filter(line -> line.contains("io.opentelemetry")).toList())
        .isEmpty();
  }

  @Test
  void with_one_that_is_away_it_is_and_requests_are_served_all_the_same() throws Exception {
    assertThat(loaded("http://127.0.0.1:1"))
        .contains("io.opentelemetry.sdk.trace.SdkTracerProvider");
  }
}
