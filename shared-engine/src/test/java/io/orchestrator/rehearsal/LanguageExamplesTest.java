package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.TestCheck;
import io.orchestrator.flow.TestsReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of a part of the language can be published, and its tests pass. */
class LanguageExamplesTest {
  private static final String FOLDER = "examples/language/";

  static List<String> topics() {
    return Pages.in(FOLDER).stream().filter(name -> !name.endsWith(".md")).toList();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void the_tests_of_an_example_pass(String topic) {
    FlowValidation flow = Rehearsed.read(Pages.text(FOLDER + topic + "/flow.yaml"));
    assertThat(flow.errors()).isEmpty();
    assertThat(flow.flow().name()).isEqualTo(topic);
    Stage stage =
        Stage.of("t", flow.flow(), flow.compiled().plan(), Rehearsed.ADAPTERS, name -> null);

    Problems problems = new Problems();
    Document document = Document.read(Pages.text(FOLDER + topic + "/flow.test.yaml"), problems);
    List<FlowTest> tests = TestsReader.file(document, topic, problems);
    TestCheck.check(flow.compiled().plan(), tests, problems);
    assertThat(problems.errors()).isEmpty();

    for (Report.Result result : Report.of(stage, tests).results()) {
      assertThat(result.misses()).as(result.test().name()).isEmpty();
    }
  }
}
