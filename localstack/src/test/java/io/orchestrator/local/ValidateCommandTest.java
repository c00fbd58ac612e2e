package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./orchestrator validate}, without a stack. */
class ValidateCommandTest {
  private static final String GOOD = "flow: good\nsteps: [{a: {adapter: sandbox}}]\n";
  private static final String BAD =
      """
      flow: bad
      steps:
        - a: {adapter: sandbox, params: {t: "😀 ${ $inptu.text }"}}
        - b: {adapter: sandbox, when: false}
      """;

  @TempDir private Path folder;

  private static ValidateCommand.Report run(String... arguments) {
    ValidateCommand command = new ValidateCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.report();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void the_line_is_shown_with_a_caret_under_the_mistake_and_a_hint() throws IOException {
    ValidateCommand.Report ended = run(file("bad.yaml", BAD));
    assertThat(ended.valid()).isFalse();
    assertThat(ended.text())
        .contains("bad.yaml:3:45 unknown_reference $inptu is neither a step nor a root")
        .contains("    3 |   - a: {adapter: sandbox, params: {t: \"😀 ${ $inptu.text }\"}}\n")
        .contains("      | " + " ".repeat(44) + "^\n")
        .contains("  hint: did you mean 'input'?")
        .contains("unreachable_step")
        .contains("(warning)")
        .endsWith("bad.yaml: 1 error\n");
  }

  @Test
  void several_files_are_checked_and_one_bad_one_decides() throws IOException {
    String good = file("good.yaml", GOOD);
    assertThat(run(good)).isEqualTo(new ValidateCommand.Report(good + ": valid\n", true));
    ValidateCommand.Report both = run(good, file("bad.yaml", BAD));
    assertThat(both.valid()).isFalse();
    assertThat(both.text()).startsWith(good + ": valid\n");
    assertThat(run(folder.resolve("nothing.yaml").toString()).valid()).isFalse();
    assertThat(Main.commandLine().execute("validate", "--format", "xml", good)).isEqualTo(2);
  }

  @Test
  void json_lists_the_files() throws IOException {
    ValidateCommand.Report ended = run("--format", "json", file("bad.yaml", BAD));
    assertThat(Json.read(ended.text().strip()))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .singleElement()
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("valid", false)
        .containsKeys("file", "errors", "warnings");
  }

  @Test
  void sarif_names_rule_level_and_place() throws IOException {
    ValidateCommand.Report ended = run("--format", "sarif", file("bad.yaml", BAD));
    assertThat(ended.valid()).isFalse();
    Map<?, ?> sarif = (Map<?, ?>) Json.read(ended.text().strip());
    assertThat(sarif.get("version")).isEqualTo("2.1.0");
    Map<?, ?> run = (Map<?, ?>) ((List<?>) sarif.get("runs")).getFirst();
    assertThat(run.get("columnKind")).isEqualTo("unicodeCodePoints");
    List<?> results = (List<?>) run.get("results");
    assertThat(results).hasSize(2);
    Map<?, ?> error = (Map<?, ?>) results.getFirst();
    assertThat(error.get("ruleId")).isEqualTo("unknown_reference");
    assertThat(error.get("level")).isEqualTo("error");
    Map<?, ?> location = (Map<?, ?>) ((List<?>) error.get("locations")).getFirst();
    Map<?, ?> physical = (Map<?, ?>) location.get("physicalLocation");
    assertThat(physical.get("region")).isEqualTo(Map.of("startLine", 3L, "startColumn", 45L));
    assertThat(Json.write(physical)).contains("file:///").contains("bad.yaml");
    assertThat(Json.write(run.get("tool"))).contains("\"unreachable_step\"", "An expression names");
    assertThat(((Map<?, ?>) results.getLast()).get("level")).isEqualTo("warning");
  }

  @Test
  void an_explanation_is_printed_as_a_tree() {
    Map<String, Object> explained =
        Map.of(
            "parts",
            List.of(
                Map.of("text", "$a or $b", "depth", 0L, "value", true),
                Map.of("text", "$a", "depth", 1L, "value", true),
                Map.of("text", "$b", "depth", 0L, "evaluated", false)));
    assertThat(ExplainCommand.told(explained))
        .isEqualTo("$a or $b -> true\n  $a -> true\n$b -> (not evaluated)\n");
  }
}
