package io.orchestrator.functions;

import io.orchestrator.execution.Status;
import io.orchestrator.expression.Nearest;
import io.orchestrator.store.ExecutionReads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code query} of a bulk order: which executions it is about. */
final class BulkQuery {
  private static final List<String> FILTERS =
      List.of("flow", "version", "status", "from", "to", "search");
  private static final List<String> STATUSES =
      Arrays.stream(Status.values()).map(Status::text).toList();
  private static final List<String> LIVING = List.of("queued", "running", "waiting", "paused");
  private static final List<String> BROKEN = List.of("failed", "timed_out");

  private final Map<?, ?> given;

  private BulkQuery(Map<?, ?> given) {
    this.given = given;
  }

  /** Reads it; without a status it means those that the action is for. */
  static ExecutionReads.Query read(Object value, String action) {
    if (!(value instanceof Map<?, ?> given)) {
      String code = value == null ? "missing_field" : "wrong_type";
      String fields = String.join(", ", FILTERS);
      throw BulkResource.wrong(code, "/query", "The query must be an object", fields);
    }
    for (Object key : given.keySet()) {
      if (!FILTERS.contains(key)) {
        throw BulkResource.wrong(
            "unknown_field",
            "/query/" + key,
            "There is no field '" + key + "' here",
            Nearest.hint((String) key, FILTERS));
      }
    }
    BulkQuery query = new BulkQuery(given);
    return new ExecutionReads.Query(
        query.text("flow"),
        query.text("version"),
        query.statuses(action.equals("cancel") ? LIVING : BROKEN),
        query.instant("from"),
        query.instant("to"),
        query.search(),
        null,
        Limits.PAGE_MAX);
  }

  private List<String> statuses(List<String> otherwise) {
    if (!given.containsKey("status")) {
      return otherwise;
    }
    Object value = given.get("status");
    List<?> all = value instanceof List<?> list ? list : Arrays.asList(value);
    List<String> statuses = new ArrayList<>();
    for (Object one : all) {
      if (!(one instanceof String status) || !STATUSES.contains(status)) {
        String hint = one instanceof String text ? Nearest.hint(text, STATUSES) : "";
        throw BulkResource.wrong("bad_value", "/query/status", "There is no status " + one, hint);
      }
      statuses.add(status);
    }
    return statuses.isEmpty() ? otherwise : statuses;
  }

  private Map<String, String> search() {
    if (given.containsKey("search")) {
      if (given.get("search") instanceof Map<?, ?> map
          && map.size() <= Limits.SEARCH_ATTRIBUTES_MAX) {
        Map<String, String> search = new LinkedHashMap<>();
        map.forEach((name, text) -> search.put((String) name, attribute(name, text)));
        return search;
      }
      throw wrongType("search", "must be an object of at most 10 texts");
    }
    return Map.of();
  }

  private static String attribute(Object name, Object value) {
    if (value instanceof String text && text.length() <= Limits.SEARCH_CHARS_MAX) {
      return text;
    }
    throw BulkResource.wrong("wrong_type", "/query/search/" + name, "A value must be a text", "");
  }

  /** A text; null if it is not there. */
  private String text(String name) {
    if (!given.containsKey(name)) {
      return null;
    }
    if (given.get(name) instanceof String text
        && !text.isEmpty()
        && text.length() <= Limits.SEARCH_CHARS_MAX) {
      return text;
    }
    throw wrongType(name, "must be a text of 1 to " + Limits.SEARCH_CHARS_MAX + " characters");
  }

  private Instant instant(String name) {
    String text = text(name);
    return text == null
        ? null
        : Times.read(text)
            .orElseThrow(
                () ->
                    BulkResource.wrong(
                        "bad_value",
                        "/query/" + name,
                        "'" + name + "' must be a time",
                        "2026-01-31T12:00:00Z"));
  }

  private static Refusal wrongType(String name, String rule) {
    return BulkResource.wrong("wrong_type", "/query/" + name, "'" + name + "' " + rule, "");
  }
}
