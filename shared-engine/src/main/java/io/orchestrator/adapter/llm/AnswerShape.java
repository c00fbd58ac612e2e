package io.orchestrator.adapter.llm;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model's data must be: the JSON Schema that its provider is told, and the check of what
 * came, which is ours because not every provider keeps to it.
 */
final class AnswerShape {
  /** Providers refuse a schema with these; what breaks them is found by the check. */
  private static final Set<String> NOT_TOLD =
      Set.of(
          "$schema",
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
          "maxProperties");

  /** Keys whose values are maps of schemas by name. */
  private static final Set<String> NAMED = Set.of("properties", "$defs");

  private final Map<String, Object> told;
  private final InputSchema check;

  private AnswerShape(Map<String, Object> schema) {
    this.told = object(closed(schema));
    this.check = new InputSchema(schema);
  }

  /**
   * Of JSON Schema or the short form.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  static AnswerShape of(Object written) {
    Problems problems = new Problems();
    Map<String, Object> schema =
        io.orchestrator.flow.InputSchema.read(Document.of(written, "").root(), problems);
    if (!problems.none()) {
      throw new IllegalArgumentException("schema: " + problems.errors().getFirst().message());
    }
    if (schema == null || !"object".equals(schema.get("type"))) {
      throw new IllegalArgumentException("schema: the data must be an object");
    }
    if (schema.get("properties") instanceof Map<?, ?> fields && fields.containsKey("usage")) {
      throw new IllegalArgumentException("schema: usage is what the call has cost");
    }
    AnswerShape shape = new AnswerShape(schema);
    shape.check.check();
    return shape;
  }

  /** A category: one of these, or any word if there are none. */
  static AnswerShape category(Set<String> names) {
    Map<String, Object> category = new LinkedHashMap<>();
    category.put("type", "string");
    if (!names.isEmpty()) {
      category.put("enum", List.copyOf(names));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", Map.of("category", category));
    schema.put("required", List.of("category"));
    return new AnswerShape(schema);
  }

  /** The schema for a provider: objects have no other fields than those named. */
  Map<String, Object> told() {
    return told;
  }

  /** Whether every field of every object is required, which OpenAI's strict mode asks for. */
  boolean isStrict() {
    return isStrict(told);
  }

  /** What is wrong with the data; null if nothing is. */
  String misfit(Object data) {
    List<InputSchema.Misfit> misfits = check.misfits(data);
    return misfits.isEmpty()
        ? null
        : misfits.getFirst().path() + ": " + misfits.getFirst().message();
  }

  private static Object closed(Object schema) {
    return switch (schema) {
      case Map<?, ?> map -> {
        Map<String, Object> closed = new LinkedHashMap<>();
        map.forEach(
            (key, value) -> {
              if (NAMED.contains(key) && value instanceof Map<?, ?> schemas) {
                Map<String, Object> each = new LinkedHashMap<>();
                schemas.forEach((name, inner) -> each.put((String) name, closed(inner)));
                closed.put((String) key, each);
              } else if (!NOT_TOLD.contains(key)) {
                closed.put((String) key, isLiteral(key) ? value : closed(value));
              }
            });
        if (closed.get("properties") instanceof Map) {
          closed.put("additionalProperties", false);
        }
        yield closed;
      }
      case List<?> list -> {
        List<Object> each = new ArrayList<>();
        list.forEach(inner -> each.add(closed(inner)));
        yield each;
      }
      case null, default -> schema;
    };
  }

  private static boolean isLiteral(Object key) {
    return "enum".equals(key) || "const".equals(key) || "required".equals(key);
  }

  private static boolean isStrict(Object schema) {
    return switch (schema) {
      case Map<?, ?> map -> {
        boolean all =
            !(map.get("properties") instanceof Map<?, ?> fields)
                || (map.get("required") instanceof List<?> required
                    && required.containsAll(fields.keySet()));
        boolean open = "object".equals(map.get("type")) && !map.containsKey("properties");
        yield all && !open && map.values().stream().allMatch(AnswerShape::isStrict);
      }
      case List<?> list -> list.stream().allMatch(AnswerShape::isStrict);
      case null, default -> true;
    };
  }

  @SuppressWarnings("unchecked") // The keys of data are texts.
  private static Map<String, Object> object(Object data) {
    return (Map<String, Object>) data;
  }
}
