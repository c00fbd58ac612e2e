package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read from the environment, and what is said when it is not enough. */
class SettingsTest {
  private static final Map<String, String> NEEDED =
      Map.of(
          "DATABASE_URL", "jdbc:postgresql://db/orchestrator",
          "STEP_QUEUE_URL", "https://sqs/step",
          "SLOW_QUEUE_URL", "https://sqs/slow",
          "RESUME_QUEUE_URL", "https://sqs/resume",
          "SWEEP_QUEUE_URL", "https://sqs/sweep",
          "CALLBACK_SECRET", "callback",
          "JWT_ISSUER", "https://issuer.example",
          "JWT_AUDIENCE", "orchestrator");

  @Test
  void what_is_needed_is_enough() {
    Settings settings = Settings.of(NEEDED);
    assertThat(settings.database().readerUrl()).isEqualTo("jdbc:postgresql://db/orchestrator");
    assertThat(settings.database().engine())
        .isEqualTo(new Settings.Login("orchestrator_engine", ""));
    assertThat(settings.database().owner().user()).isEqualTo("orchestrator_engine");
    assertThat(settings.identity().keys())
        .isEqualTo(URI.create("https://issuer.example/.well-known/jwks.json"));
    assertThat(settings.identity().iamUrl()).isEqualTo("https://issuer.example");
    assertThat(settings.runAhead()).isTrue();
    assertThat(settings.sandbox()).isFalse();
    assertThat(settings.queues().endpoint()).isNull();
  }

  @Test
  void everything_that_is_missing_is_named_at_once() {
    assertThatThrownBy(() -> Settings.of(Map.of("JWT_ISSUER", "i", "RUN_AHEAD", "maybe")))
        .hasMessageContaining("DATABASE_URL is missing")
        .hasMessageContaining("CALLBACK_SECRET is missing")
        .hasMessageContaining("RUN_AHEAD must be true or false")
        .hasMessageNotContaining("JWT_ISSUER");
  }

  @Test
  void an_empty_variable_is_one_that_is_not_set() {
    Map<String, String> environment = new HashMap<>(NEEDED);
    environment.put("DATABASE_USER", "");
    environment.put("PUBLIC_URL", "http://localhost:8080/");
    environment.put("EGRESS_ALLOW", "127.0.0.0/8, ::1");
    environment.put("ORCHESTRATOR_SECRET_STRIPE_KEY", "s3cret");
    Settings settings = Settings.of(environment);
    assertThat(settings.database().engine().user()).isEqualTo("orchestrator_engine");
    assertThat(settings.publicUrl()).isEqualTo("http://localhost:8080");
    assertThat(settings.egressAllow()).containsExactly("127.0.0.0/8", "::1");
    assertThat(settings.secrets().local())
        .containsEntry("ORCHESTRATOR_SECRET_STRIPE_KEY", "s3cret");
    assertThat(settings.toString()).doesNotContain("s3cret");
  }

  @Test
  void the_variables_are_told_to_whoever_sets_them() {
    assertThat(Settings.variables())
        .contains("DATABASE_URL", "OWNER_DATABASE_SECRET", "SANDBOX")
        .doesNotHaveDuplicates();
  }
}
