package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Sentences of the page that fixes the language, each with a flow whose own tests show it. */
final class Sentences {
  private final List<DynamicTest> all = new ArrayList<>();

  /**
   * A sentence.
   *
   * @param flow the text behind {@code flow: said}, with tests
   */
  Sentences says(String sentence, String flow) {
    all.add(
        DynamicTest.dynamicTest(
            sentence,
            () -> {
              Report report = Rehearsed.report("flow: said\n" + flow);
              assertThat(report.results()).isNotEmpty();
              assertThat(report.results())
                  .allSatisfy(
                      result -> assertThat(result.misses()).as(result.test().name()).isEmpty());
            }));
    return this;
  }

  /** A sentence about what is refused: the codes, in the order of the text. */
  Sentences refuses(String sentence, String flow, String... codes) {
    all.add(
        DynamicTest.dynamicTest(
            sentence,
            () ->
                assertThat(Rehearsed.read("flow: said\n" + flow).errors())
                    .extracting(io.orchestrator.flow.Problem::code)
                    .containsExactly(codes)));
    return this;
  }

  Stream<DynamicTest> all() {
    return all.stream();
  }
}
