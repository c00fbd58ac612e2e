package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every flow under examples can be published as it is written. */
class ExampleFlowsTest {
  static List<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(Examples.folder())) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("flow.yaml")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void an_example_is_valid_and_has_the_name_of_its_folder(String folder) {
    FlowValidation validation = FlowValidation.validate(Examples.text(folder), Examples.NAMES);
    assertThat(validation.errors()).isEmpty();
    assertThat(validation.warnings()).isEmpty();
    assertThat(validation.flow().name()).isEqualTo(folder);
  }

  @Test
  void the_voice_call_waits_half_an_hour_for_its_callback_and_each_of_its_failures_has_handlers() {
    Plan plan =
        FlowValidation.validate(Examples.text("customer-support-voice"), Examples.NAMES)
            .compiled()
            .plan();
    Step call = plan.at("call_customer");
    assertThat(((Kind.Call) call.kind()).await().timeout())
        .isEqualTo(new TimeSpan.Fixed(Duration.ofMinutes(30)));
    assertThat(call.common().onError().clauses())
        .extracting(Handlers.Clause::types, Handlers.Clause::then)
        .containsExactly(
            tuple(List.of("timeout", "retell.no_answer"), Handlers.Then.CONTINUE),
            tuple(List.of(), Handlers.Then.FAIL));
  }
}
