package io.orchestrator.adapter.openapi;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns schemas of a document into JSON Schema 2020-12 that stands alone: what they refer to among
 * the document's components comes along as {@code $defs}. Keywords that only describe are left out.
 */
final class Schemas {
  private static final String COMPONENTS = "#/components/schemas/";
  private static final int DEPTH_MAX = 32;
  private static final int DESCRIPTION_CHARACTERS_MAX = 300;

  private static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "object", "array", "null");
  private static final Set<String> PLAIN =
      Set.of(
          "enum",
          "const",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties",
          "minContains",
          "maxContains",
          "required",
          "dependentRequired",
          "title",
          "format");
  private static final Set<String> SCHEMA =
      Set.of(
          "items",
          "not",
          "if",
          "then",
          "else",
          "contains",
          "propertyNames",
          "additionalProperties");
  private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> MAPS = Set.of("properties", "patternProperties");

  private final Tree document;
  private final boolean old;
  private final boolean request;
  private final List<String> dropped = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * @param old whether they are written as OpenAPI 3.0 has them
   * @param request whether they tell what is sent, in which nothing that is read-only stands
   */
  Schemas(Tree document, boolean old, boolean request) {
    this.document = document;
    this.old = old;
    this.request = request;
  }

  /** Pointers to regular expressions that ours do not understand, so that nobody checks them. */
  List<String> dropped() {
    return dropped;
  }

  /** The schema; what it needs of the components is noted for {@link #definitions}. */
  Map<String, Object> convert(Tree tree) throws Unsupported {
    return convert(tree, 0);
  }

  /** The components that the schemas so far refer to, with those that these refer to. */
  Map<String, Object> definitions() throws Unsupported {
    Map<String, Object> definitions = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      String name = open.poll();
      if (definitions.containsKey(name)) {
        continue;
      }
      Tree component = document.at("components").at("schemas").at(name);
      if (!component.isThere()) {
        throw new Unsupported(component.path(), "there is no schema " + name);
      }
      definitions.put(name, convert(component, 0));
      open.addAll(names);
    }
    return definitions;
  }

  private Map<String, Object> convert(Tree tree, int depth) throws Unsupported {
    if (depth > DEPTH_MAX) {
      throw new Unsupported(tree.path(), "the schema is nested too deep");
    }
    if (tree.data() instanceof Boolean flag) {
      return flag ? Map.of() : Map.of("not", Map.of());
    }
    Map<String, Object> written = tree.map();
    Map<String, Object> schema = new LinkedHashMap<>();
    if (written.get("$ref") instanceof String reference) {
      schema.put("$ref", reference(tree, reference));
      if (old) {
        return schema; // beside a reference nothing counts there
      }
    }
    for (String key : written.keySet()) {
      keyword(tree.at(key), key, schema, depth);
    }
    if (request) {
      withoutReadOnly(written, schema);
    }
    if (old) {
      bounds(written, schema, "minimum", "exclusiveMinimum");
      bounds(written, schema, "maximum", "exclusiveMaximum");
      return Boolean.TRUE.equals(written.get("nullable")) ? orNull(schema) : schema;
    }
    return schema;
  }

  private String reference(Tree tree, String reference) throws Unsupported {
    if (!reference.startsWith(COMPONENTS) || reference.indexOf('/', COMPONENTS.length()) >= 0) {
      throw new Unsupported(
          tree.path() + "/$ref", "a schema may refer to " + COMPONENTS + " only, not " + reference);
    }
    String part = reference.substring(COMPONENTS.length());
    names.add(Tree.key(part));
    return "#/$defs/" + part;
  }

  private void keyword(Tree value, String key, Map<String, Object> schema, int depth)
      throws Unsupported {
    if (key.equals("type")) {
      schema.put("type", type(value));
    } else if (key.equals("description") && value.text() != null) {
      String text = value.text();
      schema.put(key, text.substring(0, Math.min(text.length(), DESCRIPTION_CHARACTERS_MAX)));
    } else if (key.equals("pattern")) {
      pattern(value, schema);
    } else if (PLAIN.contains(key)) {
      schema.put(key, value.data());
    } else if (SCHEMA.contains(key)) {
      schema.put(key, value.data() instanceof Boolean flag ? flag : convert(value, depth + 1));
    } else if (LISTS.contains(key)) {
      List<Object> all = new ArrayList<>();
      for (int i = 0; i < value.size(); i++) {
        all.add(convert(value.at(i), depth + 1));
      }
      schema.put(key, all);
    } else if (MAPS.contains(key)) {
      schema.put(key, properties(value, depth));
    }
  }

  private Map<String, Object> properties(Tree value, int depth) throws Unsupported {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (String name : value.map().keySet()) {
      properties.put(name, convert(value.at(name), depth + 1));
    }
    return properties;
  }

  /** What the service sets by itself need not be sent. */
  private static void withoutReadOnly(Map<String, Object> written, Map<String, Object> schema) {
    if (!(written.get("properties") instanceof Map<?, ?> properties)) {
      return;
    }
    Set<Object> readOnly = new LinkedHashSet<>();
    properties.forEach(
        (name, property) -> {
          if (property instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("readOnly"))) {
            readOnly.add(name);
          }
        });
    if (!readOnly.isEmpty() && schema.get("properties") instanceof Map<?, ?> kept) {
      kept.keySet().removeAll(readOnly);
    }
    if (!readOnly.isEmpty() && schema.get("required") instanceof List<?> required) {
      schema.put("required", required.stream().filter(name -> !readOnly.contains(name)).toList());
    }
  }

  private static Object type(Tree value) throws Unsupported {
    List<?> types = value.data() instanceof List<?> list ? list : List.of(value.data());
    for (Object type : types) {
      if (!TYPES.contains(type)) {
        throw new Unsupported(value.path(), "there is no type '" + type + "'");
      }
    }
    return value.data();
  }

  private void pattern(Tree value, Map<String, Object> schema) {
    try {
      Pattern.compile(String.valueOf(value.data()));
      schema.put("pattern", value.data());
    } catch (PatternSyntaxException beyond) {
      dropped.add(value.path());
    }
  }

  /** OpenAPI 3.0 says beside a bound whether it is one of the values. */
  private static void bounds(
      Map<String, Object> written, Map<String, Object> schema, String bound, String exclusive) {
    if (written.get(exclusive) instanceof Boolean flag) {
      schema.remove(exclusive);
      if (flag && schema.containsKey(bound)) {
        schema.put(exclusive, schema.remove(bound));
      }
    }
  }

  private static Map<String, Object> orNull(Map<String, Object> schema) {
    if (schema.get("enum") instanceof List<?> values && !values.contains(null)) {
      List<Object> more = new ArrayList<>(values);
      more.add(null);
      schema.put("enum", more);
    }
    if (schema.get("type") instanceof String type) {
      schema.put("type", List.of(type, "null"));
      return schema;
    }
    return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
  }
}
