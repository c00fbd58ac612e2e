package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** What a command has printed, and how it ended. */
  private record Ended(int code, String said) {}

  private static Ended run(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int code = Main.commandLine().execute(arguments);
      return new Ended(code, out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void the_line_is_shown_with_a_caret_under_the_mistake_and_a_hint() throws IOException {
    Ended ended = run("validate", file("bad.yaml", BAD));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.said())
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
    assertThat(run("validate", good)).isEqualTo(new Ended(0, good + ": valid\n"));
    Ended both = run("validate", good, file("bad.yaml", BAD));
    assertThat(both.code()).isEqualTo(1);
    assertThat(both.said()).startsWith(good + ": valid\n");
    assertThat(run("validate").code()).isEqualTo(2);
    assertThat(run("validate", folder.resolve("nothing.yaml").toString()).code()).isEqualTo(1);
  }

  @Test
  void json_lists_the_files() throws IOException {
    Ended ended = run("validate", "--format", "json", file("bad.yaml", BAD));
    assertThat(Json.read(ended.said().strip()))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .singleElement()
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("valid", false)
        .containsKeys("file", "errors", "warnings");
  }

  @Test
  void sarif_names_rule_level_and_place() throws IOException {
    Ended ended = run("validate", "--format", "sarif", file("bad.yaml", BAD));
    assertThat(ended.code()).isEqualTo(1);
    Map<?, ?> sarif = (Map<?, ?>) Json.read(ended.said().strip());
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
