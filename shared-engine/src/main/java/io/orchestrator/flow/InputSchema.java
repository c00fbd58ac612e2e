package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a schema of an input, as JSON Schema or in the short form, and gives JSON Schema 2020-12 as
 * plain data.
 */
public final class InputSchema {
  static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "object", "array", "null");

  private final Problems problems;

  private InputSchema(Problems problems) {
    this.problems = problems;
  }

  /** The schema; null if there is none or, with problems told, if it is wrong. */
  public static Map<String, Object> read(Node node, Problems problems) {
    return node == null ? null : new InputSchema(problems).schema(node);
  }

  /** What data that fits a schema can be, where objects may have more fields than it names. */
  public static Type type(Map<String, Object> schema) {
    return SchemaType.of(schema, Type.Others.UNDECLARED);
  }

  private Map<String, Object> schema(Node node) {
    if (!(node instanceof Node.Mapping map)) {
      bad(node, "an input schema must be a map, not " + node.described(), "input: {text: string}");
      return null;
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", DIALECT);
    if (isJsonSchema(map)) {
      check(map);
      map.entries().forEach((key, entry) -> schema.put(key, entry.value().data()));
    } else {
      schema.putAll(object(map));
    }
    return schema;
  }

  /** Whether an input schema is written as JSON Schema, not in the short form. */
  static boolean isJsonSchema(Node.Mapping map) {
    boolean object = map.get("type") instanceof Node.Scalar type && "object".equals(type.value());
    return object || map.get("$schema") != null;
  }

  private Map<String, Object> object(Node.Mapping map) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    map.entries()
        .forEach(
            (key, entry) -> {
              boolean optional = key.endsWith("?");
              String name = optional ? key.substring(0, key.length() - 1) : key;
              if (name.isEmpty() || properties.containsKey(name)) {
                problems.error(
                    Code.BAD_SCHEMA,
                    entry.spot(),
                    "'" + key + "' is no new name of a field",
                    "name: type");
              }
              properties.put(name, type(entry.value()));
              if (!optional) {
                required.add(name);
              }
            });
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private Map<String, Object> type(Node node) {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (node) {
      case Node.Mapping map -> schema.putAll(object(map));
      case Node.Sequence list -> {
        schema.put("type", "array");
        if (list.items().size() == 1) {
          schema.put("items", type(list.items().getFirst()));
        } else {
          bad(list, "a list has one type", "[string]");
        }
      }
      case Node.Scalar scalar -> {
        String name = scalar.value() == null ? "null" : scalar.value().toString();
        if (TYPES.contains(name)) {
          schema.put("type", name);
        } else if (!name.equals("any")) {
          List<String> words = new ArrayList<>(TYPES);
          words.add("any");
          words.sort(null);
          String near = Nearest.hint(name, words);
          bad(
              scalar,
              "there is no type '" + name + "'",
              near.isEmpty() ? String.join(", ", words) : near);
        }
      }
    }
    return schema;
  }

  /**
   * Refuses what would make the schema mean something else elsewhere; its validator knows the rest.
   */
  private void check(Node node) {
    switch (node) {
      case Node.Mapping map -> map.entries().forEach(this::check);
      case Node.Sequence list -> list.items().forEach(this::check);
      case Node.Scalar scalar -> {}
    }
  }

  private void check(String key, Node.Entry entry) {
    if (key.equals("$ref")
        && entry.value() instanceof Node.Scalar ref
        && !String.valueOf(ref.value()).startsWith("#")) {
      bad(ref, "a schema refers only to itself", "write #/$defs/name");
    }
    if (key.equals("$schema")
        && entry.value() instanceof Node.Scalar uri
        && !DIALECT.equals(uri.value())) {
      bad(uri, "schemas are JSON Schema 2020-12", "\"$schema\": " + DIALECT);
    }
    boolean isType = key.equals("type") && !entry.spot().pointer().endsWith("/properties/type");
    if (isType
        && entry.value() instanceof Node.Scalar type
        && !TYPES.contains(String.valueOf(type.value()))) {
      bad(
          type,
          "there is no type '" + type.value() + "'",
          Nearest.hint(String.valueOf(type.value()), TYPES));
    }
    check(entry.value());
  }

  private void bad(Node node, String message, String hint) {
    problems.error(Code.BAD_SCHEMA, node.spot(), message, hint);
  }
}
