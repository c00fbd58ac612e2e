package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.rehearsal.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example has tests, and they pass. */
class ExampleTestsTest {
  static List<Path> examples() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return new Examples(here.resolve("template.yaml")).files();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void the_tests_of_an_example_pass(Path flow) {
    TestFile file = TestFile.read(flow);
    assertThat(file.errors()).isEmpty();
    assertThat(file.tests()).as("tests of %s", flow).isNotEmpty();
    for (Report.Result result : Report.of(file.stage(), file.tests()).results()) {
      assertThat(result.misses()).as(result.test().name()).isEmpty();
    }
  }
}
