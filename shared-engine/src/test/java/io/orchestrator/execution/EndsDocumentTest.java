package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Concurrency;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.TimeSpan;
import io.orchestrator.testing.Flows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The examples of docs/flow-language.md about ends and limits are flows. */
class EndsDocumentTest {
  @Test
  void the_example_of_ends_undoes_and_ends_as_the_page_says() throws IOException {
    String text = block("flow: trip");
    Plan plan = Flows.plan(text);

    assertThat(plan.at("each/ship").common().compensate().id()).isEqualTo("compensate_2");
    assertThat(plan.terms().onCancel()).hasSize(1);
    assertThat(plan.terms().atEnd()).hasSize(1);
  }

  @Test
  void the_example_of_limits_is_read_as_the_page_says() throws IOException {
    Plan plan = Flows.plan("flow: limited\n" + block("concurrency:") + "steps: [a]\n");

    assertThat(plan.terms().concurrency().onLimit()).isEqualTo(Concurrency.OnLimit.QUEUE);
    assertThat(plan.terms().idempotency().ttl()).isEqualTo(new TimeSpan.Fixed(Duration.ofDays(7)));
    assertThat(plan.terms().search()).containsOnlyKeys("customer", "state");
    assertThat(plan.terms().budget().pauses()).isTrue();
  }

  /** The block of YAML that begins so. */
  private static String block(String begin) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("docs"))) {
      here = here.getParent();
    }
    String page = Files.readString(here.resolve("docs/flow-language.md"));
    return Arrays.stream(page.split("```yaml\n"))
        .filter(part -> part.startsWith(begin))
        .map(part -> part.substring(0, part.indexOf("```")))
        .findFirst()
        .orElseThrow();
  }
}
