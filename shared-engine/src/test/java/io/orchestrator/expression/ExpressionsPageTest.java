package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of the page about expressions gives what the page says. */
class ExpressionsPageTest {
  private static final Pattern ROW = Pattern.compile("^\\| (.+) \\| .+ \\| `(.+)` \\| `(.+)` \\|$");

  static Stream<Arguments> rows() {
    return page()
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> Arguments.of(row.group(1), row.group(2), row.group(3)));
  }

  @ParameterizedTest(name = "{1} gives {2}")
  @MethodSource("rows")
  void an_example_gives_what_stands_beside_it(String what, String expression, String json) {
    assertThat(Table.json(expression)).isEqualTo(json);
  }

  @Test
  void every_function_and_macro_and_operator_has_a_row() {
    String named = rows().map(row -> (String) row.get()[0]).collect(Collectors.joining("\n"));
    assertThat(Vocabulary.calls())
        .allMatch(name -> named.contains("`" + name + "(") || named.contains("." + name + "("));
    for (Operator operator : Operator.values()) {
      assertThat(named).contains("`" + operator.symbol() + "`");
    }
  }

  private static String page() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(here.resolve("mvnw"))) {
      here = here.getParent();
    }
    try {
      return Files.readString(here.resolve("docs/expressions.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
