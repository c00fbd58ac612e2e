package io.orchestrator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Runs a process with each setting of the environment, since the configuration is read once. */
class LogTest {
  /** What that process does. */
  static final class Speaker {
    private Speaker() {}

    public static void main(String[] arguments) {
      try (Log.About _ = Log.request("r-1")) {
        try (Log.About _ = Log.about("acme", "e-1", 7)) {
          Log.event("step_completed", "step", "charge", "attempt", 2, "output", Map.of("ok", true));
        }
        Log.event("batch_done");
      }
      LoggerFactory.getLogger("io.orchestrator.engine.Engine")
          .warn("odd", new IllegalStateException("why"));
      LoggerFactory.getLogger("software.amazon.awssdk.Chatter").info("noise");
    }
  }

  private static List<String> speak(String setting) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(java, "-cp", path, Speaker.class.getName()).redirectErrorStream(true);
    builder.environment().put("ORCHESTRATOR_LOG", setting);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  @Test
  void in_json_every_event_is_a_line_with_its_fields_and_the_ids_of_what_it_is_about()
      throws Exception {
    List<String> said = speak("json");
    assertThat(said).hasSize(3);
    Map<?, ?> step = (Map<?, ?>) Json.read(said.get(0));
    assertThat(step.get("message")).isEqualTo("step_completed");
    assertThat(step.get("step")).isEqualTo("charge");
    assertThat(step.get("attempt")).isEqualTo(2L);
    assertThat(step.get("output")).isEqualTo(Map.of("ok", true));
    assertThat(step.get("tenant")).isEqualTo("acme");
    assertThat(step.get("execution")).isEqualTo("e-1");
    assertThat(step.get("request_id")).isEqualTo("r-1");
    assertThat(String.valueOf(step.get("revision"))).isEqualTo("7");
    Map<?, ?> batch = (Map<?, ?>) Json.read(said.get(1));
    assertThat(batch.get("request_id")).isEqualTo("r-1");
    assertThat(batch.containsKey("execution")).isFalse();
    assertThat(((Map<?, ?>) Json.read(said.get(2))).get("error").toString()).contains("why");
  }

  @Test
  void for_people_only_warnings_are_short_lines() throws Exception {
    assertThat(speak(""))
        .hasSizeLessThanOrEqualTo(2)
        .first()
        .asString()
        .contains("WARN", "Engine", "odd");
  }
}
