package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked before a flow runs, sentence by sentence of the page that fixes the language. */
class SectionEightTest {
  private static FlowValidation read(String text) {
    return FlowValidation.validate(text, Examples.NAMES);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unknown key                          | unknown_key         | steps: [{a: {adapter: ai, parms: {}}}]
          unknown step                         | unknown_step        | steps: [stripee]
          unknown reference                    | unknown_reference   | steps: [{a: {set: {n: $nothing.n}}}]
          reference to a step that cannot have run | step_not_run    | steps: [{a: {set: {n: $b}}}, {b: ai}]
          reference to a step of another branch | step_not_run       | steps: [{c: {if: $input.x, then: [{a: ai}], else: [{b: {set: {n: $a}}}]}}]
          reference to a sibling branch        | sibling_branch      | steps: [{p: {parallel: [{a: ai}, {b: {set: {n: $a}}}]}}]
          two kinds                            | two_kinds           | steps: [{a: {adapter: ai, wait: 5s}}]
          no kind                              | no_kind             | steps: [{a: {timeout: 5s}}]
          reserved name                        | reserved_name       | steps: [{input: {adapter: ai}}]
          duplicate id                         | duplicate_id        | steps: [{a: ai}, {a: ai}]
          unknown adapter                      | unknown_adapter     | steps: [{a: {adapter: nobody}}]
          unknown action                       | unknown_action      | steps: [{a: {adapter: stripe, action: chrge}}]
          unreachable step                     | unreachable_step    | steps: [{a: {return: 1}}, {b: ai}]
          bad semver                           | bad_version         | {version: 1.10, steps: [ai]}
          repeat without end                   | missing_key         | steps: [{a: {repeat: [ai]}}]
          repeat whose end never comes         | contradiction       | steps: [{a: {repeat: [ai], until: 1 == 2}}]
          recursion                            | recursion           | steps: [{a: {flow: shop}}]
          recursion by a bare name             | recursion           | steps: [{a: shop}]
          literal secret                       | literal_secret      | steps: [{a: {adapter: ai, params: {api_key: sk_live_4eC39HqLyjWDarjtT1zdp7dc}}}]
          non-boolean condition                | not_boolean         | steps: [{a: {adapter: ai, when: 1 + 1}}]
          secret outside of params             | misplaced_secret    | steps: [{a: {set: {n: {secret: key}}}}]
          """)
  void at_least_this_is_told(String what, String code, String text) {
    String flow =
        text.startsWith("{") ? "{flow: shop, " + text.substring(1) : "flow: shop\n" + text;
    FlowValidation validation = read(flow);
    List<Problem> all = new ArrayList<>(validation.errors());
    all.addAll(validation.warnings());
    assertThat(all).as(what).extracting(Problem::code).contains(code);
    assertThat(all).allSatisfy(SectionEightTest::isWhole);
  }

  private static void isWhole(Problem problem) {
    assertThat(problem.path()).matches("(/([^/~]|~0|~1)*)*");
    assertThat(problem.line()).isPositive();
    assertThat(problem.column()).isPositive();
    assertThat(problem.message()).isNotBlank();
    assertThat(problem.hint()).isNotNull();
  }

  @Test
  void all_errors_are_told_at_once_with_their_places_and_what_was_meant() {
    FlowValidation validation =
        read(
            """
            flow: shop
            titel: x
            steps:
              - a: {adapter: ai, wen: true}
              - b: {adapter: strip}
              - c: {set: {n: $aa.b}}
            """);
    assertThat(validation.errors())
        .extracting(Problem::code, Problem::line, Problem::path)
        .containsExactly(
            tuple("unknown_key", 2, "/titel"),
            tuple("unknown_key", 4, "/steps/0/a/wen"),
            tuple("unknown_adapter", 5, "/steps/1/b/adapter"),
            tuple("unknown_reference", 6, "/steps/2/c/set/n"));
    assertThat(validation.errors())
        .extracting(Problem::hint)
        .allSatisfy(hint -> assertThat(hint).startsWith("did you mean"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ": : :", "[1, 2", "- a", "just a text", "flow: shop", "\u0000", "steps: [ai]"})
  void a_text_that_cannot_be_read_has_an_answer_of_the_same_shape(String text) {
    Map<String, Object> data = read(text).data();
    assertThat(data.keySet()).containsExactly("valid", "errors", "warnings", "graph");
    assertThat(data).containsEntry("valid", false);
    assertThat((List<?>) data.get("errors")).isNotEmpty();
    assertThat(((Map<?, ?>) data.get("graph")).keySet()).hasToString("[nodes, edges]");
  }

  @Test
  void bytes_that_are_no_text_have_one_too() {
    byte[] bytes = {(byte) 0xC0, (byte) 0x80, 'a'};
    assertThat(FlowValidation.validate(bytes, Examples.NAMES).graph())
        .isEqualTo(Map.of("nodes", List.of(), "edges", List.of()));
    byte[] text = "flow: shop\nsteps: [ai]".getBytes(StandardCharsets.UTF_8);
    assertThat(FlowValidation.validate(text, Examples.NAMES).valid()).isTrue();
  }

  @Test
  void the_graph_of_a_flow_with_mistakes_shows_the_steps_that_can_be_made_out() {
    FlowValidation validation =
        read(
            """
            flow: shop
            steps:
              - a: {adapter: ai, wen: true}
              - b: {adapter: nobody}
              - c: {if: 1 + 1, then: [{d: ai}]}
            on_error: [notify_admin]
            """);
    assertThat(validation.valid()).isFalse();
    List<?> nodes = (List<?>) validation.graph().get("nodes");
    assertThat(nodes)
        .extracting(node -> ((Map<?, ?>) node).get("path"))
        .asInstanceOf(InstanceOfAssertFactories.list(Object.class))
        .containsExactly("a", "c", "c/d", "on_error/notify_admin");
  }
}
