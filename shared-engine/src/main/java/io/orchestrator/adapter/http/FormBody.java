package io.orchestrator.adapter.http;

import io.orchestrator.adapter.Percent;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A body as a form, for services that take no JSON: {@code application/x-www-form-urlencoded}, as
 * OAuth 2.0 writes it (RFC 6749, appendix B).
 */
final class FormBody {
  private static final String TYPE = "application/x-www-form-urlencoded";

  private FormBody() {}

  /** Whether the headers of the action, or else those of the adapter, say that the body is one. */
  static boolean isWanted(Map<String, Template> ofAction, Map<String, Template> ofAdapter) {
    String type = contentType(ofAction);
    String wanted = type.isEmpty() ? contentType(ofAdapter) : type;
    return wanted.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(TYPE);
  }

  private static String contentType(Map<String, Template> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
        .map(header -> String.valueOf(header.getValue().data()))
        .findFirst()
        .orElse("");
  }

  /**
   * Name and value of each field. A list is its name several times, a field of an object {@code
   * name[field]}; what is null is left out.
   *
   * @throws RequestWriter.Unwritable if the body is no object
   */
  static String write(Object body) {
    if (!(body instanceof Map<?, ?> fields)) {
      throw new RequestWriter.Unwritable("the body of a form must be an object");
    }
    List<String> pairs = new ArrayList<>();
    fields.forEach((name, value) -> add(Percent.encode((String) name), value, pairs));
    return String.join("&", pairs);
  }

  private static void add(String name, Object value, List<String> pairs) {
    switch (value) {
      case null -> {}
      case List<?> list -> list.forEach(item -> add(name, item, pairs));
      case Map<?, ?> map ->
          map.forEach(
              (field, inner) ->
                  add(name + "%5B" + Percent.encode((String) field) + "%5D", inner, pairs));
      case String text -> pairs.add(name + "=" + Percent.encode(text));
      default -> pairs.add(name + "=" + Percent.encode(Json.write(value)));
    }
  }
}
