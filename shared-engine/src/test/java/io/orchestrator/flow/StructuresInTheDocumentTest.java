package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.Flows;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of structures in {@code docs/flow-language.md} are flows. */
class StructuresInTheDocumentTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```yaml\n(steps:\n.*?)```", Pattern.DOTALL);

  @Test
  void every_example_of_a_structure_can_be_published() throws IOException {
    String text = Files.readString(Examples.folder().resolveSibling("docs/flow-language.md"));
    int from = text.indexOf("**`parallel`** begins");
    int to = text.indexOf("**`await` beside `adapter`.**");
    List<Plan> plans =
        EXAMPLE
            .matcher(text.substring(from, to))
            .results()
            .map(example -> Flows.plan("flow: example\n" + example.group(1)))
            .toList();
    assertThat(
            plans.stream().map(plan -> plan.steps().getFirst().kind().getClass().getSimpleName()))
        .contains("Switch", "Group", "Foreach", "Repeat");
  }
}
