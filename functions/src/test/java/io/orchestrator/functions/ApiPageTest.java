package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page about the API shows a call of every route. */
class ApiPageTest {
  private static final Pattern EXAMPLE = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Pattern METHOD = Pattern.compile(" -X ([A-Z]+) ");
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

  private static List<String> calls;

  @BeforeAll
  static void read() throws IOException {
    String page = Files.readString(Template.folder().resolve("docs/api.md"));
    calls =
        EXAMPLE
            .matcher(page)
            .results()
            .flatMap(example -> example.group(1).replace("\\\n", " ").lines())
            .filter(line -> line.contains("curl "))
            .toList();
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void every_route_is_called_by_a_line_of_the_page(Route route) {
    Pattern address = address(route.template());
    assertThat(calls)
        .as("docs/api.md has a line 'curl ... $API%s' with %s", route.template(), route.method())
        .anyMatch(line -> address.matcher(line).find() && method(line).equals(route.method()));
  }

  /** The template with anything in place of its parameters. */
  private static Pattern address(String template) {
    StringBuilder regex = new StringBuilder(Pattern.quote("$API"));
    Matcher parameter = PARAMETER.matcher(template);
    int at = 0;
    while (parameter.find()) {
      regex.append(Pattern.quote(template.substring(at, parameter.start()))).append("[^/?\\s\"]+");
      at = parameter.end();
    }
    return Pattern.compile(regex.append(Pattern.quote(template.substring(at))) + "(?=[\\s\"?]|$)");
  }

  private static String method(String line) {
    Matcher said = METHOD.matcher(line);
    return said.find() ? said.group(1) : "GET";
  }
}
