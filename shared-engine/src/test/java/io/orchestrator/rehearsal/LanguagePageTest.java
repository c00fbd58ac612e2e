package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Expression;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the page about the language shows is so. */
class LanguagePageTest {
  private static final String PAGE = "docs/flow-language.md";
  private static final String MISTAKES = "docs/mistakes.md";

  /** Two adapters without a default action that have an action of the same name. */
  private static final KnownNames TWO_MORE =
      new KnownNames(with("gohighlevel", "whatsapp"), Map.of(), Set.of("send-invoice"));

  private static Map<String, KnownNames.Adapter> with(String... adapters) {
    Map<String, KnownNames.Adapter> known = new TreeMap<>(Rehearsed.NAMES.adapters());
    for (String adapter : adapters) {
      known.put(adapter, new KnownNames.Adapter("", Set.of("send_message")));
    }
    return known;
  }

  static List<Pages.Block> flows() {
    return Pages.blocks(PAGE, "yaml");
  }

  static List<Pages.Block> mistakes() {
    return Pages.blocks(MISTAKES, "yaml");
  }

  static Stream<String> expressions() {
    return Pages.blocks(PAGE, "text").stream()
        .filter(block -> block.heading().equals("Data and expressions"))
        .flatMap(block -> block.text().lines())
        .map(line -> line.replaceFirst(" +# .*", ""));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void a_flow_on_the_page_is_valid_and_its_tests_pass(Pages.Block block) {
    FlowValidation validation = FlowValidation.validate(whole(block.text()), Anything.GOES);
    assertThat(validation.errors()).isEmpty();
    Stage stage =
        Stage.of(
            "t", validation.flow(), validation.compiled().plan(), Rehearsed.ADAPTERS, name -> null);
    for (Report.Result result : Report.of(stage, validation.flow().tests()).results()) {
      assertThat(result.misses()).as(result.test().name()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void an_expression_on_the_page_can_be_parsed(String expression) {
    assertThat(Expression.parse(expression)).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_told_as_the_page_says(Pages.Block block) {
    FlowValidation validation = FlowValidation.validate(block.text(), TWO_MORE);
    List<String> told =
        Stream.concat(validation.errors().stream(), validation.warnings().stream())
            .map(LanguagePageTest::told)
            .toList();
    String said = block.heading().replace("`", "") + " " + block.after();
    assertThat(told)
        .singleElement()
        .asString()
        .matches(
            text -> said.endsWith("...") ? text.startsWith(cut(said)) : text.equals(said), said);
  }

  private static String cut(String said) {
    return said.substring(0, said.length() - 3);
  }

  private static String told(Problem problem) {
    return problem.code()
        + " > line "
        + problem.line()
        + ", column "
        + problem.column()
        + ": "
        + problem.message()
        + (problem.hint().isEmpty() ? "" : " (" + problem.hint() + ")");
  }

  /** A fragment as a flow: what is missing is put around it. */
  private static String whole(String fragment) {
    String text = fragment.stripTrailing().stripIndent() + "\n";
    if (text.startsWith("flow:")) {
      return text;
    }
    String steps = text.startsWith("- ") ? "steps:\n" + text : text;
    boolean has = steps.lines().anyMatch(line -> line.startsWith("steps:"));
    return "flow: example\n" + steps + (has ? "" : "steps: [log_failure]\n");
  }
}
