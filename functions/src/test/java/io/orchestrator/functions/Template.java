package io.orchestrator.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The template as data; an intrinsic function is a map with its short name: {@code {"!Ref":
 * "StepQueue"}}.
 */
final class Template {
  private final Map<String, Object> root;

  private Template(Map<String, Object> root) {
    this.root = root;
  }

  static Path folder() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("template.yaml")) ? here : here.getParent();
  }

  static Template read() throws IOException {
    LoadSettings settings = LoadSettings.builder().build();
    try (var in = Files.newInputStream(folder().resolve("template.yaml"))) {
      return new Template(
          map(new Load(settings, new Intrinsics(settings)).loadFromInputStream(in)));
    }
  }

  /** Turns {@code !Ref x} into a map, whatever stands behind the tag. */
  private static final class Intrinsics extends StandardConstructor {
    Intrinsics(LoadSettings settings) {
      super(settings);
    }

    @Override
    protected Optional<ConstructNode> findConstructorFor(Node node) {
      String tag = node.getTag().getValue();
      return tag.startsWith("!") && tag.length() > 1
          ? Optional.of(this::call)
          : super.findConstructorFor(node);
    }

    private Object call(Node node) {
      Object value =
          switch (node) {
            case ScalarNode scalar ->
                scalar.getScalarStyle() == ScalarStyle.PLAIN
                    ? scalar.getValue().strip()
                    : scalar.getValue();
            case SequenceNode sequence -> constructSequence(sequence);
            case MappingNode mapping -> constructMapping(mapping);
            default -> throw new IllegalStateException("a node of another kind: " + node);
          };
      Map<String, Object> called = new LinkedHashMap<>();
      called.put(node.getTag().getValue(), value);
      return called;
    }
  }

  /** The resources of a type by their logical ids. */
  Map<String, Map<String, Object>> resources(String type) {
    Map<String, Map<String, Object>> found = new LinkedHashMap<>();
    map(root.get("Resources"))
        .forEach(
            (id, resource) -> {
              if (map(resource).get("Type").equals(type)) {
                found.put(id, map(resource));
              }
            });
    return found;
  }

  Map<String, Map<String, Object>> functions() {
    return resources("AWS::Serverless::Function");
  }

  /** A function's property, its own or the one for all. */
  Object property(Map<String, Object> function, String name) {
    Object own = map(function.get("Properties")).get(name);
    return own != null ? own : map(map(root.get("Globals")).get("Function")).get(name);
  }

  /** A function's environment: the one for all, changed by its own. */
  Map<String, Object> environment(Map<String, Object> function) {
    Map<String, Object> all =
        new LinkedHashMap<>(
            variables(map(map(root.get("Globals")).get("Function")).get("Environment")));
    all.putAll(variables(map(function.get("Properties")).get("Environment")));
    return all;
  }

  private static Map<String, Object> variables(Object environment) {
    return environment == null ? Map.of() : map(map(environment).get("Variables"));
  }

  /** The events of a function of a type. */
  static List<Map<String, Object>> events(Map<String, Object> function, String type) {
    Object events = map(function.get("Properties")).get("Events");
    return events == null
        ? List.of()
        : map(events).values().stream()
            .map(Template::map)
            .filter(event -> event.get("Type").equals(type))
            .map(event -> map(event.get("Properties")))
            .toList();
  }

  /** The logical id in {@code !GetAtt X.Arn} or {@code !Ref X}. */
  static String target(Object reference) {
    Map<String, Object> call = map(reference);
    String text = (String) call.values().iterator().next();
    return text.contains(".") ? text.substring(0, text.indexOf('.')) : text;
  }

  Map<String, Object> section(String name) {
    return map(root.get(name));
  }

  @SuppressWarnings("unchecked") // the keys of the template are texts
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
