package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Code;
import io.orchestrator.flow.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every part of the language has an example that a test runs. */
class LanguageCoverageTest {
  private static final String TABLE = "docs/language-coverage.md";
  private static final String READERS = "shared-engine/src/main/java/io/orchestrator/flow/";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
  private static final Pattern TAKEN = Pattern.compile("(?:take|need)\\(\\s*\"([a-z_$]+)\"");

  /** Whose examples are run by which test. */
  private static final List<String> RUN =
      List.of("../examples/", "flow-language.md", "mistakes.md");

  /** A part of the language, in words of its own, and where it is shown. */
  record Row(List<String> words, List<String> places) {}

  static List<Row> rows() {
    return Pages.text(TABLE)
        .lines()
        .filter(line -> line.startsWith("|") && line.contains("]("))
        .map(
            line -> {
              String[] cells = line.split("(?<!\\\\)\\|", -1);
              return new Row(all(CODE, cells[1].replace("\\|", "|")), all(LINK, cells[2]));
            })
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void what_a_row_names_stands_in_its_examples_and_those_are_run(Row row) {
    assertThat(row.places())
        .isNotEmpty()
        .allMatch(place -> RUN.stream().anyMatch(place::startsWith));
    String shown =
        row.places().stream()
            .map(place -> Pages.text("docs/" + place))
            .collect(Collectors.joining("\n"));
    assertThat(row.words()).isNotEmpty().allMatch(word -> holds(shown, word));
  }

  @Test
  void every_kind_has_a_row() {
    assertThat(words()).containsAll(Vocabulary.kinds());
  }

  @Test
  void every_key_that_a_reader_knows_has_a_row() {
    Set<String> taken = new TreeSet<>();
    for (String reader : Pages.in(READERS)) {
      taken.addAll(all(TAKEN, Pages.text(READERS + reader)));
    }
    assertThat(taken).hasSizeGreaterThan(50);
    assertThat(words()).containsAll(taken);
  }

  @Test
  void every_function_root_error_and_code_has_a_row() {
    assertThat(words())
        .containsAll(io.orchestrator.expression.Vocabulary.calls())
        .containsAll(Vocabulary.errorTypes())
        .containsAll(Vocabulary.roots().stream().map(root -> "$" + root).toList())
        .containsAll(Arrays.stream(Code.values()).map(Code::text).toList());
  }

  @Test
  void every_example_of_the_language_is_named() {
    String table = Pages.text(TABLE);
    assertThat(LanguageExamplesTest.topics())
        .isNotEmpty()
        .allMatch(topic -> table.contains("../examples/language/" + topic + "/"));
  }

  private static Set<String> words() {
    Set<String> words = new LinkedHashSet<>();
    rows().forEach(row -> words.addAll(row.words()));
    return words;
  }

  /** Whether a text has a word, or a phrase, that does not go on at either end. */
  private static boolean holds(String text, String word) {
    String before = word.matches("(?s)\\w.*") ? "(?<!\\w)" : "";
    String after = word.matches("(?s).*\\w") ? "(?!\\w)" : "";
    return Pattern.compile(before + Pattern.quote(word) + after).matcher(text).find();
  }

  private static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
