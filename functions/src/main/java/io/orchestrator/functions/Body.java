package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The body of a request: bounded, of a known type, strictly read. */
final class Body {
  private static final Set<String> YAML =
      Set.of("application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml");

  private static final Set<String> UTF_8 = Set.of("utf-8", "utf8", "us-ascii");
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]*)", Pattern.CASE_INSENSITIVE);

  private Body() {}

  /** A definition as it was sent. */
  record Definition(byte[] text, String format) {}

  /** 413 before anything looks at it. */
  static void checkSize(Request request) {
    if (request.body().length > Limits.BODY_BYTES_MAX) {
      throw new Refusal(
          413, "too_large", "The body is larger than " + Limits.BODY_BYTES_MAX / 1024 + " KiB");
    }
  }

  /**
   * A definition in YAML or JSON; JSON is read strictly first, since YAML would forgive what JSON
   * does not.
   */
  static Definition definition(Request request) {
    String type = request.mediaType();
    checkEncoding(request);
    if (YAML.contains(type)) {
      return new Definition(request.body(), "yaml");
    }
    if (!isJson(request)) {
      throw unsupported("application/json or application/yaml");
    }
    readJson(request.body());
    return new Definition(request.body(), "json");
  }

  /**
   * A definition whose faults are told in the answer, whatever they are; only its type must be
   * right.
   */
  static byte[] text(Request request) {
    checkEncoding(request);
    if (!YAML.contains(request.mediaType()) && !isJson(request)) {
      throw unsupported("application/json or application/yaml");
    }
    return request.body();
  }

  /** Any JSON value. */
  static Object json(Request request) {
    checkEncoding(request);
    if (!isJson(request)) {
      throw unsupported("application/json");
    }
    return readJson(request.body());
  }

  /** An object with none but these fields; an empty body is an empty object. */
  static Map<String, Object> object(Request request, List<String> fields) {
    if (request.body().length == 0) {
      return Map.of();
    }
    Object value = json(request);
    if (!(value instanceof Map<?, ?> map)) {
      throw Refusal.invalid(
          "wrong_type", "The body must be an object", "{" + String.join(", ", fields) + "}");
    }
    List<Problem> problems = new ArrayList<>();
    for (Object key : map.keySet()) {
      String name = (String) key;
      if (!fields.contains(name)) {
        String path = "/" + name.replace("~", "~0").replace("/", "~1");
        problems.add(
            new Problem(
                "unknown_field",
                path,
                0,
                0,
                "There is no field '" + name + "' here",
                hint(name, fields)));
      }
    }
    if (!problems.isEmpty()) {
      throw Refusal.invalid(problems);
    }
    @SuppressWarnings("unchecked") // what Json reads as an object has string keys
    Map<String, Object> object = (Map<String, Object>) map;
    return object;
  }

  private static String hint(String name, List<String> fields) {
    String near = Nearest.hint(name, fields);
    return near.isEmpty() ? "the fields are " + String.join(", ", fields) : near;
  }

  private static Object readJson(byte[] body) {
    try {
      return Json.read(body);
    } catch (JsonException e) {
      throw Refusal.invalid(
          List.of(new Problem("syntax", "", e.line(), e.column(), e.getMessage(), "")));
    }
  }

  /** A body of which nothing is said is taken as JSON. */
  private static boolean isJson(Request request) {
    String type = request.mediaType();
    return request.header("content-type").isEmpty()
        || type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }

  private static void checkEncoding(Request request) {
    String encoding = request.header("content-encoding");
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      throw new Refusal(415, "unsupported_media_type", "The body must not be compressed");
    }
    Matcher charset = CHARSET.matcher(request.header("content-type"));
    if (charset.find() && !UTF_8.contains(charset.group(1).toLowerCase(Locale.ROOT))) {
      throw new Refusal(415, "unsupported_media_type", "The body must be UTF-8");
    }
  }

  private static Refusal unsupported(String wanted) {
    return new Refusal(415, "unsupported_media_type", "The body must be " + wanted)
        .header("accept-post", wanted.replace(" or ", ", "));
  }
}
