package io.orchestrator.flow;

import io.orchestrator.expression.Type;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What data that fits a JSON Schema can be. */
final class SchemaType {
  /** Keys that say more than a type can; with one of them anything may fit. */
  private static final Set<String> BEYOND =
      Set.of("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if", "dependentSchemas");

  private final Type.Others unsaid;

  private SchemaType(Type.Others unsaid) {
    this.unsaid = unsaid;
  }

  /**
   * The type of data that fits.
   *
   * @param unsaid what an object that says nothing of other fields has
   */
  static Type of(Map<?, ?> schema, Type.Others unsaid) {
    return new SchemaType(unsaid).type(schema);
  }

  private Type type(Object schema) {
    if (!(schema instanceof Map<?, ?> map) || BEYOND.stream().anyMatch(map::containsKey)) {
      return Type.ANY;
    }
    if (map.containsKey("const")) {
      return Type.of(map.get("const"));
    }
    if (map.get("enum") instanceof Collection<?> values && !values.isEmpty()) {
      return values.stream().map(Type::of).reduce(Type::or).orElse(Type.ANY);
    }
    return switch (map.get("type")) {
      case String name -> named(name, map);
      case List<?> names when !names.isEmpty() ->
          names.stream()
              .map(name -> named(String.valueOf(name), map))
              .reduce(Type::or)
              .orElse(Type.ANY);
      case null, default -> Type.ANY;
    };
  }

  private Type named(String name, Map<?, ?> schema) {
    return switch (name) {
      case "null" -> Type.NULL;
      case "boolean" -> Type.BOOLEAN;
      case "integer", "number" -> Type.NUMBER;
      case "string" -> Type.STRING;
      case "array" ->
          schema.containsKey("prefixItems") ? Type.ARRAY : Type.array(type(schema.get("items")));
      case "object" -> object(schema);
      default -> Type.ANY;
    };
  }

  private Type object(Map<?, ?> schema) {
    if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
      return Type.OBJECT;
    }
    Collection<?> required =
        schema.get("required") instanceof Collection<?> names ? names : List.of();
    Map<String, Type> fields = new LinkedHashMap<>();
    properties.forEach(
        (name, property) -> {
          Type type = type(property);
          fields.put((String) name, required.contains(name) ? type : type.orNull());
        });
    return Type.object(fields, others(schema));
  }

  private Type.Others others(Map<?, ?> schema) {
    if (schema.containsKey("patternProperties")
        || schema.containsKey("unevaluatedProperties")
        || schema.containsKey("propertyNames")) {
      return Type.Others.ANY;
    }
    Object others = schema.get("additionalProperties");
    if (Boolean.FALSE.equals(others)) {
      return Type.Others.NONE;
    }
    return others == null ? unsaid : Type.Others.ANY;
  }
}
