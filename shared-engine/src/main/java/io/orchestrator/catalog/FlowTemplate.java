package io.orchestrator.catalog;

import io.orchestrator.adapter.InputSchema.Misfit;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.InputSchema;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A flow with gaps: {@code {{parameter}}} in its texts and keys.
 *
 * @param parameters JSON Schema of what fills the gaps
 * @param flow its data without the name
 */
record FlowTemplate(
    String name,
    String title,
    String description,
    Map<String, Object> parameters,
    Map<String, Object> flow) {
  /** A gap that everybody fills: the name of the new flow. */
  private static final String NAME = "name";

  private static final Pattern GAP =
      Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_]{0,62})\\s*\\}\\}");
  private static final List<String> KEYS =
      List.of("template", "title", "description", "parameters", "flow");
  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  /** Reads a template; null if problems have been told. */
  static FlowTemplate read(Node root, Problems problems) {
    if (!(root instanceof Node.Mapping map)) {
      problems.error(
          Code.WRONG_TYPE,
          root.spot(),
          "a template must be a map, not " + root.described(),
          "begin with template: my-template");
      return null;
    }
    onlyKnown(map, problems);
    String name = text(map, "template", problems);
    if (name.isEmpty()) {
      problems.error(
          Code.MISSING_KEY, map.spot(), "a template needs the key 'template'", "its name");
    } else if (!PLAIN_NAME.matcher(name).matches()) {
      problems.error(
          Code.BAD_NAME,
          map.get("template").spot(),
          "'" + name + "' is not a name of a template",
          "lower-case letters, digits, _ and -, a letter first, at most 63");
    }
    Map<String, Object> parameters = parameters(map.get("parameters"), problems);
    Map<String, Object> flow = flow(map, problems);
    if (problems.none()) {
      gaps(map.get("flow"), known(parameters), problems);
    }
    return problems.none()
        ? new FlowTemplate(
            name,
            text(map, "title", problems),
            text(map, "description", problems),
            parameters,
            flow)
        : null;
  }

  private static void onlyKnown(Node.Mapping map, Problems problems) {
    map.entries()
        .forEach(
            (key, entry) -> {
              if (!KEYS.contains(key)) {
                problems.error(
                    Code.UNKNOWN_KEY,
                    entry.spot(),
                    "a template has no key '" + key + "'",
                    Nearest.hint(key, KEYS));
              }
            });
  }

  private static String text(Node.Mapping map, String key, Problems problems) {
    Node node = map.get(key);
    if (node == null) {
      return "";
    }
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
      return text;
    }
    problems.error(
        Code.WRONG_TYPE, node.spot(), key + " must be a text, not " + node.described(), "");
    return "";
  }

  private static Map<String, Object> parameters(Node node, Problems problems) {
    Map<String, Object> read = node == null ? null : InputSchema.read(node, problems);
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    if (read != null) {
      schema.putAll(read);
    }
    schema.putIfAbsent("additionalProperties", false);
    if (problems.none()) {
      try {
        var _ = new io.orchestrator.adapter.InputSchema(schema).misfits(Map.of());
      } catch (IllegalArgumentException notOne) {
        problems.error(Code.BAD_SCHEMA, node.spot(), "the parameters: " + notOne.getMessage(), "");
      }
      if (known(schema).size() > properties(schema).size() + 1
          || properties(schema).containsKey(NAME)) {
        problems.error(
            Code.RESERVED_NAME,
            node.spot(),
            "'name' is always the name of the new flow",
            "call the parameter otherwise");
      }
    }
    return schema;
  }

  @SuppressWarnings("unchecked") // the reader lets only maps stand there
  private static Map<String, Object> properties(Map<String, Object> schema) {
    return schema.get("properties") instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static Set<String> known(Map<String, Object> schema) {
    Set<String> known = new TreeSet<>(properties(schema).keySet());
    known.add(NAME);
    return known;
  }

  @SuppressWarnings("unchecked") // a map's data has string keys
  private static Map<String, Object> flow(Node.Mapping map, Problems problems) {
    Node node = map.get("flow");
    if (!(node instanceof Node.Mapping flow)) {
      problems.error(
          node == null ? Code.MISSING_KEY : Code.WRONG_TYPE,
          node == null ? map.spot() : node.spot(),
          "a template needs the map 'flow'",
          "flow: {steps: [...]}");
      return Map.of();
    }
    if (flow.get("flow") != null) {
      problems.error(
          Code.CONTRADICTION,
          flow.entries().get("flow").spot(),
          "the name of the flow comes with each use of the template",
          "leave it out");
    }
    return (Map<String, Object>) flow.data();
  }

  /** Every gap must have a parameter. */
  private static void gaps(Node node, Set<String> known, Problems problems) {
    switch (node) {
      case Node.Mapping map ->
          map.entries()
              .forEach(
                  (key, entry) -> {
                    gaps(key, entry.spot(), known, problems);
                    gaps(entry.value(), known, problems);
                  });
      case Node.Sequence list -> list.items().forEach(item -> gaps(item, known, problems));
      case Node.Scalar scalar -> {
        if (scalar.value() instanceof String text) {
          gaps(text, scalar.spot(), known, problems);
        }
      }
    }
  }

  private static void gaps(
      String text, io.orchestrator.flow.Spot spot, Set<String> known, Problems problems) {
    Matcher gap = GAP.matcher(text);
    while (gap.find()) {
      if (!known.contains(gap.group(1))) {
        problems.error(
            Code.UNKNOWN_REFERENCE,
            spot,
            "the template has no parameter '" + gap.group(1) + "'",
            Nearest.hint(gap.group(1), known));
      }
    }
  }

  // -- filling

  /** Where values do not fit, with pointers below {@code /parameters}. */
  List<Problem> misfits(Map<String, Object> values) {
    List<Problem> problems = new ArrayList<>();
    for (String name : values.keySet()) {
      if (!properties(parameters).containsKey(name)
          && Boolean.FALSE.equals(parameters.get("additionalProperties"))) {
        problems.add(
            new Problem(
                "unknown_parameter",
                "/parameters/" + name.replace("~", "~0").replace("/", "~1"),
                0,
                0,
                "The template has no parameter '" + name + "'",
                Nearest.hint(name, properties(parameters).keySet())));
      }
    }
    if (!problems.isEmpty()) {
      return problems;
    }
    for (Misfit misfit : new io.orchestrator.adapter.InputSchema(parameters).misfits(values)) {
      problems.add(
          new Problem("bad_parameters", "/parameters" + misfit.path(), 0, 0, misfit.message(), ""));
    }
    return problems;
  }

  /** Whether it can be filled without any value, and so be tried out. */
  boolean hasDefaults() {
    return misfits(Map.of()).isEmpty();
  }

  /** The text of a new flow; the values fit. */
  String filled(String name, Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>();
    properties(parameters)
        .forEach(
            (parameter, schema) ->
                all.put(parameter, schema instanceof Map<?, ?> map ? map.get("default") : null));
    all.putAll(values);
    all.put(NAME, name);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", name);
    ((Map<?, ?>) fill(flow, all)).forEach((key, value) -> data.put((String) key, value));
    return Pretty.json(data);
  }

  /** A text that is one gap gets the value as it is; a key whose value is nothing goes. */
  private static Object fill(Object node, Map<String, Object> values) {
    return switch (node) {
      case Map<?, ?> map -> {
        Map<String, Object> filled = new LinkedHashMap<>();
        map.forEach(
            (key, value) -> {
              Object inner = fill(value, values);
              if (inner != null || value == null) {
                filled.put(interpolated((String) key, values), inner);
              }
            });
        yield filled;
      }
      case List<?> list -> {
        List<Object> filled = new ArrayList<>();
        list.forEach(item -> filled.add(fill(item, values)));
        yield filled;
      }
      case String text -> {
        Matcher whole = GAP.matcher(text);
        yield whole.matches() ? values.get(whole.group(1)) : interpolated(text, values);
      }
      case null -> null;
      default -> node;
    };
  }

  private static String interpolated(String text, Map<String, Object> values) {
    return GAP.matcher(text)
        .replaceAll(gap -> Matcher.quoteReplacement(shown(values.get(gap.group(1)))));
  }

  private static String shown(Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      default -> Json.write(value);
    };
  }
}
