package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.local.FunctionSpec.QueueTrigger;
import io.orchestrator.local.FunctionSpec.Route;
import io.orchestrator.local.FunctionSpec.ScheduleTrigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateTest {
  static final Path SAMPLE = Path.of("src/test/resources/sample-template.yaml");

  private static Template sample(Map<String, String> parameters) {
    return Template.read(
        SAMPLE, Surroundings.local(parameters, "http://127.0.0.1:9324", "http://localhost:8080"));
  }

  @Test
  void a_function_has_its_own_settings_over_the_globals_and_resolved_variables() {
    FunctionSpec api = sample(Map.of("Stage", "test")).function("ApiFunction");
    assertThat(api.handlerClass()).isEqualTo("io.orchestrator.local.sample.EchoFunction");
    assertThat(api.memoryMb()).isEqualTo(512);
    assertThat(api.timeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(api.environment())
        .containsEntry("GREETING", "hello from test in eu-central-1")
        .containsEntry("STEP_QUEUE_URL", "http://127.0.0.1:9324/000000000000/StepQueue")
        .doesNotContainKey("PUBLIC_URL");
    assertThat(sample(Map.of()).function("StepRunnerFunction").timeout())
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void a_parameter_decides_a_condition() {
    assertThat(
            sample(Map.of("PublicUrl", "https://x.example")).function("ApiFunction").environment())
        .containsEntry("PUBLIC_URL", "https://x.example");
    assertThat(sample(Map.of()).functions())
        .extracting(FunctionSpec::id)
        .doesNotContain("OnlyInProduction");
    assertThat(sample(Map.of("Stage", "prod")).functions())
        .extracting(FunctionSpec::id)
        .contains("OnlyInProduction");
  }

  @Test
  void triggers_are_routes_queues_and_schedules() {
    Template sample = sample(Map.of("StepBatch", "7"));
    assertThat(sample.function("ApiFunction").routes())
        .contains(
            new Route("POST", "/flows/{flow}/execute", false), new Route("GET", "/health", true));
    assertThat(sample.function("StepRunnerFunction").queues())
        .containsExactly(new QueueTrigger("StepQueue", 7, true, 4));
    assertThat(sample.function("TickFunction").schedules())
        .containsExactly(new ScheduleTrigger("Minute", Duration.ofMinutes(1), Optional.empty()));
  }

  @Test
  void queues_have_their_visibility_and_their_dead_letter_queue_by_name() {
    assertThat(sample(Map.of()).queues())
        .isEqualTo(
            List.of(
                new QueueSpec(
                    "StepQueue",
                    "StepQueue",
                    Duration.ofSeconds(30),
                    Duration.ZERO,
                    Optional.of("orchestrator-local-step-dead"),
                    2),
                new QueueSpec(
                    "StepQueueDeadLetterQueue",
                    "orchestrator-local-step-dead",
                    Duration.ofSeconds(30),
                    Duration.ZERO,
                    Optional.empty(),
                    0)));
  }

  @Test
  void a_reference_to_nothing_is_named() {
    String text =
        """
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {Handler: !Ref Missing}
        """;
    assertThatThrownBy(() -> Template.read(text, Surroundings.local(Map.of(), "", "")))
        .hasMessageContaining("Missing");
  }
}
