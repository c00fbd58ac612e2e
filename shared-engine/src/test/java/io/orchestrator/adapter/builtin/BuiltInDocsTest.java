package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.KnownAdapter;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages of the built-in types say can be used as it is written there. */
class BuiltInDocsTest {
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Path PAGES = folder("docs").resolve("adapters");

  private static Path folder(String name) {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve(name))) {
      here = here.getParent();
    }
    return here.resolve(name);
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void what_a_page_shows_is_right_and_every_action_stands_in_it(Path page) throws IOException {
    String text = Files.readString(page);
    List<String> blocks =
        YAML.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
    Map<String, KnownNames.Adapter> adapters = new HashMap<>();
    Set<String> types = new TreeSet<>();
    for (String block : blocks) {
      if (block.startsWith("adapter:")) {
        Definition definition = read(block.getBytes(StandardCharsets.UTF_8));
        adapters.putIfAbsent(definition.adapter(), KnownAdapter.of(definition));
        types.add(definition.type());
      }
    }
    assertThat(BuiltInTypes.names()).containsAnyElementsOf(types);
    for (String type : types) {
      assertThat(actions(type)).allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
    }
    for (String flow : blocks.stream().filter(block -> block.startsWith("flow:")).toList()) {
      FlowValidation validation =
          FlowValidation.validate(flow, new KnownNames(adapters, Map.of(), Set.of()));
      assertThat(validation.errors()).isEmpty();
      assertThat(validation.warnings()).isEmpty();
    }
  }

  /** Those that the type itself has; none for http. */
  private static Set<?> actions(String type) {
    Map<String, Object> definition = BuiltInTypes.definition(type);
    return definition != null && definition.get("actions") instanceof Map<?, ?> actions
        ? actions.keySet()
        : Set.of();
  }

  static List<Path> services() throws IOException {
    Path folder = folder("examples").resolve("customer-support-voice/services");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().equals("report.yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void the_real_services_of_the_voice_example_can_be_defined(Path file) throws IOException {
    assertThat(file.getFileName()).hasToString(read(Files.readAllBytes(file)).adapter() + ".yaml");
  }

  private static Definition read(byte[] yaml) {
    DefinitionReader.Reading reading = DefinitionReader.readText(yaml);
    assertThat(reading.problems()).isEmpty();
    return reading.definition();
  }
}
