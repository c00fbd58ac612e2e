package io.orchestrator.functions.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a JSON value: a schema (JSON Schema 2020-12), and the named ones that it refers to.
 * Objects are closed: what is not named is not there.
 */
public record Shape(Map<String, Object> schema, Map<String, Object> named) {
  private static final String COMPONENTS = "#/components/schemas/";

  /** Anything, also null. */
  public static Shape anything() {
    return of(Map.of());
  }

  public static Shape text() {
    return of("type", "string");
  }

  /** A text of that many characters at most. */
  public static Shape text(long charsMax) {
    return text().with("maxLength", charsMax);
  }

  /** A text that the regular expression describes. */
  public static Shape text(String pattern) {
    return text().with("pattern", pattern);
  }

  /** One of these texts. */
  public static Shape word(String... words) {
    return text().with("enum", List.of(words));
  }

  /** One of these texts. */
  public static Shape word(List<String> words) {
    return text().with("enum", List.copyOf(words));
  }

  /** An object whose fields have names of this pattern and short texts as values. */
  public static Shape attributes(String pattern, long charsMax) {
    return map()
        .with("patternProperties", Map.of(pattern, text(charsMax).schema()))
        .with("additionalProperties", false);
  }

  public static Shape uuid() {
    return text().with("format", "uuid");
  }

  /** A time of RFC 3339. */
  public static Shape time() {
    return text().with("format", "date-time");
  }

  public static Shape whole() {
    return of("type", "integer");
  }

  /** A whole number from {@code least} to {@code most}. */
  public static Shape whole(long least, long most) {
    return whole().with("minimum", least).with("maximum", most);
  }

  public static Shape number() {
    return of("type", "number");
  }

  public static Shape flag() {
    return of("type", "boolean");
  }

  /** An object with any fields. */
  public static Shape map() {
    return of("type", "object");
  }

  /** An object whose fields have any names and this shape. */
  public static Shape map(Shape values) {
    return new Shape(map().with("additionalProperties", values.schema()).schema(), values.named());
  }

  public static Shape list(Shape items) {
    return new Shape(of("type", "array").with("items", items.schema()).schema(), items.named());
  }

  /** An object with these fields and no others. */
  public static Shape object(Field... fields) {
    return open(fields).with("additionalProperties", false);
  }

  /** An object with these fields and any others. */
  public static Shape open(Field... fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    Map<String, Object> named = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    for (Field field : fields) {
      properties.put(field.name(), field.shape().schema());
      named.putAll(field.shape().named());
      if (field.always()) {
        required.add(field.name());
      }
    }
    Shape object = new Shape(of("type", "object").with("properties", properties).schema(), named);
    return required.isEmpty() ? object : object.with("required", required);
  }

  /** One of these shapes. */
  public static Shape either(Shape... shapes) {
    Map<String, Object> named = new LinkedHashMap<>();
    List<Object> schemas = new ArrayList<>();
    for (Shape shape : shapes) {
      schemas.add(shape.schema());
      named.putAll(shape.named());
    }
    return new Shape(Map.of("anyOf", List.copyOf(schemas)), named);
  }

  /** A page of a list. */
  public static Shape page(Shape item) {
    return object(
        Field.has("items", list(item)),
        Field.has("next", text().orNull().saying("The cursor of the next page; null on the last")));
  }

  /** The same or null. */
  public Shape orNull() {
    return schema.get("type") instanceof String type && !schema.containsKey("enum")
        ? with("type", List.of(type, "null"))
        : either(this, of("type", "null"));
  }

  /** The same text, of that many characters at most. */
  public Shape upTo(long charsMax) {
    return with("maxLength", charsMax);
  }

  /** The same or an empty text, which counts as nothing. */
  public Shape orEmpty() {
    return either(this, word(""));
  }

  /** The same with a sentence about it. */
  public Shape saying(String description) {
    return with("description", description);
  }

  /** The same under a name of its own in the document. */
  public Shape named(String name) {
    Map<String, Object> all = new LinkedHashMap<>(named);
    all.put(name, schema);
    return new Shape(Map.of("$ref", COMPONENTS + name), all);
  }

  /** This object with more fields. */
  public Shape and(Field... fields) {
    Shape more = open(fields);
    Map<String, Object> whole = new LinkedHashMap<>(schema);
    Map<String, Object> properties = new LinkedHashMap<>(map(schema.get("properties")));
    properties.putAll(map(more.schema().get("properties")));
    whole.put("properties", properties);
    List<Object> required = new ArrayList<>(list(schema.get("required")));
    required.addAll(list(more.schema().get("required")));
    whole.put("required", required);
    Map<String, Object> names = new LinkedHashMap<>(named);
    names.putAll(more.named());
    return new Shape(whole, names);
  }

  Shape with(String keyword, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(schema);
    more.put(keyword, value);
    return new Shape(more, named);
  }

  private static Shape of(String keyword, Object value) {
    return of(Map.of(keyword, value));
  }

  private static Shape of(Map<String, Object> schema) {
    return new Shape(schema, Map.of());
  }

  @SuppressWarnings("unchecked") // the keywords of a schema are texts
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }
}
