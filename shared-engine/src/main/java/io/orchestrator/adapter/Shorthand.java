package io.orchestrator.adapter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The short way to write a schema: {@code name: type}, {@code name?: type}, {@code [type]}, maps nested. */
final class Shorthand {
  private static final Set<String> TYPES = Set.of("string", "integer", "number", "boolean", "object", "array", "null");

  private Shorthand() {}

  /**
   * The JSON Schema that is meant; one that is written out is left as it is.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  static Map<String, Object> expand(Map<String, Object> written) {
    if (written.containsKey("$schema") || "object".equals(written.get("type"))) {
      return written;
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    written.forEach(
        (key, type) -> {
          boolean optional = key.endsWith("?");
          String name = optional ? key.substring(0, key.length() - 1) : key;
          properties.put(name, type(name, type));
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

  private static Map<String, Object> type(String name, Object type) {
    return switch (type) {
      case String text when text.equals("any") -> Map.of();
      case String text when TYPES.contains(text) -> Map.of("type", text);
      case List<?> list when list.size() == 1 -> array(type(name, list.getFirst()));
      case Map<?, ?> map -> expand(Fields.strings(map));
      case null, default ->
          throw new IllegalArgumentException(
              name + " must be string, integer, number, boolean, object, array, any, [type] or a map");
    };
  }

  private static Map<String, Object> array(Map<String, Object> items) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", items);
    return schema;
  }
}
