package io.orchestrator.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.openapi.Documents;
import io.orchestrator.flow.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentsTest {
  private static final String TEXT =
      """
      adapter: crm
      base_url: https://crm.example.com/api
      auth: {bearer: {secret: prod_token}}
      headers: {X-One: a, X-Two: b}
      environments:
        staging:
          base_url: https://crm.staging.example.com
          headers: {X-Two: c}
          timeout: 3s
        local: {base_url: "http://localhost:9090", allow: ["localhost:9090"], auth: none}
      actions:
        find: {method: GET, path: /find}
      """;

  private static DefinitionText.Read read(String text, String environment) {
    return new DefinitionText(Documents.NONE, environment)
        .read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Definition in(String environment) {
    DefinitionText.Read read = read(TEXT, environment);
    assertThat(read.errors()).isEmpty();
    return read.definition();
  }

  @Test
  void the_part_of_the_deployments_own_name_lies_over_the_rest() {
    assertThat(in("prod").baseUrl()).hasToString("https://crm.example.com/api");
    assertThat(in("").timeout()).isEqualTo(Limits.TIMEOUT_DEFAULT);
    Definition staging = in("staging");
    assertThat(staging.baseUrl()).hasToString("https://crm.staging.example.com");
    assertThat(staging.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(staging.headers().get("X-One").data()).isEqualTo("a");
    assertThat(staging.headers().get("X-Two").data()).isEqualTo("c");
    assertThat(staging.auth()).isInstanceOf(Auth.Bearer.class);
    assertThat(in("local").auth()).isInstanceOf(Auth.None.class);
  }

  @Test
  void what_is_stored_serves_every_deployment() {
    String stored = StoredDefinition.text(in("staging").data(), Map.of());
    Source source = StoredDefinition.source(stored, "local");
    assertThat(DefinitionReader.read(source).definition().baseUrl())
        .hasToString("http://localhost:9090");
  }

  @Test
  void a_mistake_in_any_environment_is_found_in_all_of_them_at_its_place() {
    String wrong =
        TEXT.replace("https://crm.staging", "ftp://crm.staging")
            .replace("timeout: 3s", "timout: 3s");
    for (String environment : new String[] {"", "prod", "local", "staging"}) {
      assertThat(read(wrong, environment).errors())
          .extracting(Problem::path, Problem::line)
          .containsExactlyInAnyOrder(
              org.assertj.core.api.Assertions.tuple("/environments/staging/base_url", 7),
              org.assertj.core.api.Assertions.tuple("/environments/staging/timout", 9));
    }
    assertThat(read(TEXT.replace("staging:", "Staging!:"), "").errors())
        .extracting(Problem::path)
        .contains("/environments/Staging!");
    assertThat(read(TEXT.replace("timeout: 3s", "actions: {}"), "").errors())
        .extracting(Problem::code)
        .containsExactly("unknown_key");
  }
}
