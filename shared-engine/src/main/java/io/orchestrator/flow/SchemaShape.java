package io.orchestrator.flow;

import static io.orchestrator.flow.Shapes.either;
import static io.orchestrator.flow.Shapes.list;
import static io.orchestrator.flow.Shapes.ref;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The shape of an input's schema: the short form, or JSON Schema as {@link InputSchema} takes it.
 */
final class SchemaShape {
  private SchemaShape() {}

  /** Adds the definitions; {@code input} is the one that others refer to. */
  static void define(Map<String, Object> defs) {
    defs.put("input", input());
    defs.put("shorthand", shorthand());
    defs.put("field", field());
    defs.put("schema", schema(true));
    defs.put("schemaFields", schema(false));
  }

  /** A map that says {@code $schema} or {@code type: object} is JSON Schema, any other is short. */
  private static Map<String, Object> input() {
    Map<String, Object> object = Map.of("type", Shapes.only("object"));
    Map<String, Object> isSchema =
        either(
            Map.of("required", List.of("$schema")),
            Map.of("required", List.of("type"), "properties", object));
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("type", "object");
    input.put("if", isSchema);
    input.put("then", ref("schema"));
    input.put("else", ref("shorthand"));
    return input;
  }

  private static Map<String, Object> shorthand() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "object");
    fields.put("propertyNames", Map.of("pattern", "[^?]"));
    fields.put("additionalProperties", ref("field"));
    return fields;
  }

  private static Map<String, Object> field() {
    List<Object> names = new ArrayList<>(new TreeSet<>(InputSchema.TYPES));
    names.add("any");
    names.add(null);
    Map<String, Object> one = list(ref("field"), 1);
    one.put("maxItems", 1L);
    Map<String, Object> name = new LinkedHashMap<>();
    name.put("enum", names);
    return either(name, one, ref("shorthand"));
  }

  /**
   * Any JSON in which what must not be said is not said.
   *
   * @param type whether a key {@code type} is the keyword, not a field of that name
   */
  private static Map<String, Object> schema(boolean type) {
    Map<String, Object> nested =
        Map.of("type", List.of("object", "array"), "$ref", "#/$defs/schema");
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("$ref", either(nested, Map.of("type", "string", "pattern", "^#")));
    keys.put("$schema", either(nested, Shapes.only(InputSchema.DIALECT)));
    if (type) {
      keys.put("type", either(nested, Shapes.words(new TreeSet<>(InputSchema.TYPES))));
      keys.put("properties", ref("schemaFields"));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("properties", keys);
    schema.put("additionalProperties", ref("schema"));
    schema.put("items", ref("schema"));
    return schema;
  }
}
