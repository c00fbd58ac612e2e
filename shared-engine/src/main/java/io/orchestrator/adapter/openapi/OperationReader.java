package io.orchestrator.adapter.openapi;

import io.orchestrator.adapter.HeaderRules;
import io.orchestrator.adapter.PathTemplate;
import io.orchestrator.expression.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes an action of one operation. */
final class OperationReader {
  private static final Pattern IN_PATH = Pattern.compile("\\{([^{}/]+)}");
  private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String BODY = "body";

  /** Media types of JSON, the plainest first. */
  private static final List<Pattern> JSON =
      List.of(
          Pattern.compile("(?i)application/json(;.*)?"),
          Pattern.compile("(?i)[^;]+\\+json(;.*)?"),
          Pattern.compile("\\*/\\*"));

  /**
   * Headers that a request has anyway; as parameters they count for nothing (OpenAPI 3, 4.8.12).
   */
  private static final Set<String> OURS = Set.of("accept", "content-type", "authorization");

  private final Tree item;
  private final Tree operation;
  private final Schemas sent;
  private final Schemas received;
  private final List<Unsupported> warnings = new ArrayList<>();

  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final Set<String> required = new LinkedHashSet<>();
  private final Map<String, Object> query = new LinkedHashMap<>();
  private final Map<String, Object> headers = new LinkedHashMap<>();
  private final Map<String, String> renamed = new LinkedHashMap<>();
  private boolean takesKey;
  private Object others = false;
  private Object body;

  OperationReader(Tree document, Tree item, Tree operation, boolean old) {
    this.item = item;
    this.operation = operation;
    this.sent = new Schemas(document, old, true);
    this.received = new Schemas(document, old, false);
  }

  /** What of the operation is left out. */
  List<Unsupported> warnings() {
    return warnings;
  }

  /** Places of regular expressions that nobody checks. */
  List<String> unchecked() {
    return Stream.concat(sent.dropped().stream(), received.dropped().stream()).distinct().toList();
  }

  Map<String, Object> read(String path, String method) throws Unsupported {
    for (Tree place : List.of(item, operation)) {
      if (place.at("servers").isThere()) {
        throw new Unsupported(
            place.at("servers").path(),
            "it has servers of its own, and an adapter has one address");
      }
    }
    for (Tree parameter : parameters()) {
      parameter(parameter);
    }
    String template = path(path);
    if (operation.at("requestBody").isThere()) {
      body(operation.at("requestBody").resolved());
    }
    Map<String, Object> action = new LinkedHashMap<>();
    action.put("title", title());
    action.put("method", method.toUpperCase(Locale.ROOT));
    action.put("path", template);
    action.put("query", query);
    if (!headers.isEmpty()) {
      action.put("headers", headers);
    }
    if (body != null) {
      action.put("body", body);
    }
    action.put("input", input());
    Map<String, Object> result = result();
    if (result != null) {
      action.put("result", result);
    }
    // Without a key a service could do it twice, so a call that timed out is not made again.
    action.put("idempotent", takesKey || !Set.of("post", "patch").contains(method));
    return action;
  }

  private String title() {
    String title = operation.at("summary").text();
    return title == null ? operation.at("operationId").text() : title;
  }

  /** Those of the path and the operation; of two with one name and place the operation's counts. */
  private List<Tree> parameters() throws Unsupported {
    Map<String, Tree> all = new LinkedHashMap<>();
    for (Tree place : List.of(item, operation)) {
      Tree list = place.at("parameters");
      for (int i = 0; i < list.size(); i++) {
        Tree parameter = list.at(i).resolved();
        all.put(parameter.at("in").text() + " " + parameter.at("name").text(), parameter);
      }
    }
    return List.copyOf(all.values());
  }

  private void parameter(Tree parameter) throws Unsupported {
    String name = parameter.at("name").text();
    String in = parameter.at("in").text();
    if (name == null || in == null) {
      throw new Unsupported(parameter.path(), "a parameter needs a name and a place");
    }
    if (in.equals("header") && OURS.contains(name.toLowerCase(Locale.ROOT))) {
      return;
    }
    if (in.equals("header") && name.equalsIgnoreCase("Idempotency-Key")) {
      takesKey = true; // every request carries it
      return;
    }
    try {
      switch (in) {
        case "path" -> inPath(parameter, name);
        case "query" -> inQuery(parameter, name);
        case "header" -> inHeader(parameter, name);
        default -> throw new Unsupported(parameter.path(), "a parameter in " + in + " is not sent");
      }
    } catch (Unsupported beyond) {
      if (in.equals("path") || parameter.at("required").isTrue()) {
        throw beyond;
      }
      warnings.add(
          new Unsupported(
              beyond.path(), "the parameter " + name + " is left out: " + beyond.getMessage()));
    }
  }

  private Map<String, Object> schema(Tree parameter) throws Unsupported {
    if (!parameter.at("schema").isThere()) {
      throw new Unsupported(parameter.path(), "it has no schema of its own");
    }
    return sent.convert(parameter.at("schema"));
  }

  private void style(Tree parameter, String usual) throws Unsupported {
    String style = parameter.at("style").text();
    if (style != null && !style.equals(usual)) {
      throw new Unsupported(parameter.path() + "/style", "the style " + style + " is not written");
    }
  }

  /** Whether it can be a list; an object cannot be written into an address. */
  private boolean isList(Tree parameter) throws Unsupported {
    Tree schema = parameter.at("schema").resolved();
    Object type = schema.at("type").data();
    boolean object = "object".equals(type) || (type instanceof List<?> l && l.contains("object"));
    if (object || schema.at("properties").isThere()) {
      throw new Unsupported(schema.path(), "an object is not written there");
    }
    return "array".equals(type) || (type instanceof List<?> types && types.contains("array"));
  }

  private void inPath(Tree parameter, String name) throws Unsupported {
    style(parameter, "simple");
    if (isList(parameter)) {
      throw new Unsupported(parameter.path(), "a list is not written into a path");
    }
    String field = FIELD.matcher(name).matches() ? name : name.replaceAll("[^A-Za-z0-9_]", "_");
    field = FIELD.matcher(field).matches() ? field : "_" + field;
    renamed.put(name, field);
    declare(parameter, field, schema(parameter), true);
  }

  private void inQuery(Tree parameter, String name) throws Unsupported {
    style(parameter, "form");
    boolean list = isList(parameter);
    String value = "$params" + field(name);
    boolean joined = list && Boolean.FALSE.equals(parameter.at("explode").data());
    query.put(name, joined ? value + " == null ? null : " + value + ".join(',')" : value);
    declare(parameter, name, schema(parameter), parameter.at("required").isTrue());
  }

  private void inHeader(Tree parameter, String name) throws Unsupported {
    style(parameter, "simple");
    String complaint = HeaderRules.complaint(name);
    if (complaint != null) {
      throw new Unsupported(parameter.path() + "/name", complaint);
    }
    String value = "$params" + field(name);
    headers.put(
        name, isList(parameter) ? value + " == null ? null : " + value + ".join(',')" : value);
    declare(parameter, name, schema(parameter), parameter.at("required").isTrue());
  }

  private void declare(Tree parameter, String field, Map<String, Object> schema, boolean needed)
      throws Unsupported {
    Map<String, Object> described = new LinkedHashMap<>(schema);
    String description = parameter.at("description").text();
    if (description != null && !described.containsKey("description")) {
      described.put("description", description.substring(0, Math.min(300, description.length())));
    }
    if (properties.putIfAbsent(field, described) != null) {
      throw new Unsupported(parameter.path(), "two parameters are called " + field);
    }
    if (needed) {
      required.add(field);
    }
  }

  private static String field(String name) {
    return FIELD.matcher(name).matches() ? "." + name : "[" + Json.write(name) + "]";
  }

  private String path(String path) throws Unsupported {
    StringBuilder template = new StringBuilder();
    Matcher matcher = IN_PATH.matcher(path);
    while (matcher.find()) {
      String field = renamed.get(matcher.group(1));
      if (field == null) {
        throw new Unsupported(
            operation.path(), "the path's {" + matcher.group(1) + "} is no parameter");
      }
      matcher.appendReplacement(template, Matcher.quoteReplacement("{" + field + "}"));
    }
    matcher.appendTail(template);
    try {
      return PathTemplate.parse(template.toString()).toString();
    } catch (IllegalArgumentException complaint) {
      throw new Unsupported(operation.path(), complaint.getMessage());
    }
  }

  // -- what is sent

  private void body(Tree written) throws Unsupported {
    Tree media = json(written.at("content"));
    if (media == null) {
      throw new Unsupported(written.at("content").path(), "it takes no JSON");
    }
    String type = media.path().substring(media.path().lastIndexOf('/') + 1).replace("~1", "/");
    if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      headers.put("Content-Type", type.equals("*/*") ? "application/json" : type);
    }
    boolean needed = written.at("required").isTrue();
    Tree schema = media.at("schema");
    Tree object = schema.isThere() ? schema.resolved() : schema;
    if (isFlat(object)) {
      flat(object, needed);
    } else {
      properties.put(BODY, schema.isThere() ? sent.convert(schema) : Map.of());
      if (needed) {
        required.add(BODY);
      }
      body = "$params.body";
    }
  }

  /**
   * Its fields can stand beside the parameters if it is a plain object and none has a name of one.
   */
  private boolean isFlat(Tree schema) throws Unsupported {
    if (!"object".equals(schema.at("type").data()) || !schema.at("properties").isThere()) {
      return false;
    }
    for (String beyond : List.of("allOf", "anyOf", "oneOf", "not", "if", "nullable")) {
      if (schema.at(beyond).isThere()) {
        return false;
      }
    }
    return schema.at("properties").map().keySet().stream().noneMatch(properties::containsKey);
  }

  private void flat(Tree schema, boolean needed) throws Unsupported {
    Map<String, Object> converted = sent.convert(schema);
    List<String> beside = new ArrayList<>(properties.keySet());
    ((Map<?, ?>) converted.get("properties"))
        .forEach((name, property) -> properties.put((String) name, property));
    if (needed && converted.get("required") instanceof List<?> names) {
      names.forEach(name -> required.add((String) name));
    }
    others = converted.get("additionalProperties");
    if (!beside.isEmpty()) {
      body = "$params.omit(" + Json.write(beside) + ")";
    }
  }

  private Map<String, Object> input() throws Unsupported {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("type", "object");
    input.put("properties", properties);
    if (!required.isEmpty()) {
      input.put("required", List.copyOf(required));
    }
    if (others != null) {
      input.put("additionalProperties", others);
    }
    Map<String, Object> definitions = sent.definitions();
    if (!definitions.isEmpty()) {
      input.put("$defs", definitions);
    }
    return input;
  }

  // -- what comes back

  private Map<String, Object> result() throws Unsupported {
    Tree responses = operation.at("responses");
    Map<String, Object> good = new TreeMap<>();
    for (String status : responses.isThere() ? responses.map().keySet() : Set.<String>of()) {
      if (status.matches("2([0-9]{2}|XX)")) {
        good.put(status, status);
      }
    }
    for (String status : good.keySet()) {
      Tree media = json(responses.at(status).resolved().at("content"));
      if (media != null && media.at("schema").isThere()) {
        return result(media.at("schema"));
      }
    }
    return null;
  }

  /** Only of objects can a flow know anything before they are there. */
  private Map<String, Object> result(Tree schema) throws Unsupported {
    Tree object = schema.resolved();
    if (!"object".equals(object.at("type").data())) {
      return null;
    }
    Map<String, Object> result = new LinkedHashMap<>(received.convert(object));
    Map<String, Object> definitions = received.definitions();
    if (!definitions.isEmpty()) {
      result.put("$defs", definitions);
    }
    return result;
  }

  /** The JSON among several representations; null if there is none. */
  private static Tree json(Tree content) throws Unsupported {
    if (!content.isThere()) {
      return null;
    }
    Set<String> types = content.map().keySet();
    for (Pattern wanted : JSON) {
      for (String type : types) {
        if (wanted.matcher(type).matches()) {
          return content.at(type);
        }
      }
    }
    return null;
  }
}
