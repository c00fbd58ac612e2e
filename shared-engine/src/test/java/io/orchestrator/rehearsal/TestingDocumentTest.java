package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The example of docs/flow-language.md about testing passes its tests. */
class TestingDocumentTest {
  private static final String MARK = "<!-- example: testing -->\n```yaml\n";

  @Test
  void the_example_of_the_page_passes() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("docs"))) {
      here = here.getParent();
    }
    String page = Files.readString(here.resolve("docs/flow-language.md"));
    int begin = page.indexOf(MARK) + MARK.length();
    assertThat(begin).isGreaterThan(MARK.length());
    String flow = page.substring(begin, page.indexOf("```", begin));
    KnownNames names =
        new KnownNames(
            Map.of(
                "orders", new KnownNames.Adapter("get", Set.of("get"), Map.of()),
                "bank", new KnownNames.Adapter("transfer", Set.of("transfer"), Map.of()),
                "notify_admin", new KnownNames.Adapter("run", Set.of("run"), Map.of())),
            Map.of(),
            Set.of());
    FlowValidation validation = FlowValidation.validate(flow, names);
    assertThat(validation.errors()).isEmpty();
    Stage stage =
        Stage.of(
            "t", validation.flow(), validation.compiled().plan(), Rehearsed.ADAPTERS, name -> null);
    Report report = Report.of(stage, stage.flow().tests());
    assertThat(report.results()).hasSize(3).allSatisfy(r -> assertThat(r.misses()).isEmpty());
    assertThat(report.coverage().percent()).isEqualTo(100);
  }
}
