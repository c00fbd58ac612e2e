package io.orchestrator.adapter.openapi;

import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.BaseUrl;
import io.orchestrator.adapter.Limits;
import io.orchestrator.adapter.Positions;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowLimits;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The key {@code openapi} of a definition: an address, a document, or {@code {url | document,
 * operations}}; and the actions that its document gives.
 */
public final class OpenApi {
  private static final String KEY = "/openapi";

  private final Documents documents;
  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private OpenApi(Documents documents) {
    this.documents = documents;
  }

  /**
   * What the key gave.
   *
   * @param actions by name, in the language of definitions
   */
  public record Reading(Map<String, Object> actions, List<Problem> errors, List<Problem> warnings) {
    /** Nothing, because nothing is written. */
    public static final Reading NOTHING = new Reading(Map.of(), List.of(), List.of());
  }

  /** Reads it; problems have paths into the definition. */
  public static Reading read(Object written, AllowList allow, Documents documents) {
    if (written == null) {
      return Reading.NOTHING;
    }
    OpenApi reader = new OpenApi(documents);
    Map<String, Object> actions = reader.actions(written, allow);
    boolean good = reader.errors.isEmpty();
    return new Reading(
        good ? actions : Map.of(), List.copyOf(reader.errors), List.copyOf(reader.warnings));
  }

  private Map<String, Object> actions(Object written, AllowList allow) {
    if (written instanceof String address) {
      return fetched(KEY, address, List.of(), allow);
    }
    if (!(written instanceof Map<?, ?> map)) {
      error(Code.WRONG_TYPE, KEY, "openapi must be an address or a document", "https://...");
      return Map.of();
    }
    if (map.containsKey("openapi") || map.containsKey("swagger")) {
      return inline(KEY, map, List.of());
    }
    for (Object key : map.keySet()) {
      if (!Set.of("url", "document", "operations").contains(key)) {
        String hint = "the keys here are url or document, and operations";
        error(Code.UNKNOWN_KEY, KEY + "/" + key, "unknown key " + key, hint);
      }
    }
    List<String> wanted = operations(map.get("operations"));
    if (map.get("url") instanceof String address && !map.containsKey("document")) {
      return fetched(KEY + "/url", address, wanted, allow);
    }
    if (map.get("document") instanceof Map<?, ?> document && !map.containsKey("url")) {
      return inline(KEY + "/document", document, wanted);
    }
    error(Code.MISSING_KEY, KEY, "openapi needs either a url or a document", "");
    return Map.of();
  }

  private List<String> operations(Object written) {
    if (written == null) {
      return List.of();
    }
    if (written instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    error(
        Code.WRONG_TYPE,
        KEY + "/operations",
        "operations must be a list of operationIds",
        "write [createOrder, get*]");
    return List.of();
  }

  private Map<String, Object> inline(String at, Map<?, ?> document, List<String> wanted) {
    OpenApiActions actions = OpenApiActions.read(strings(document), wanted);
    actions.errors().forEach(problem -> errors.add(below(at, problem)));
    actions.warnings().forEach(problem -> warnings.add(below(at, problem)));
    return bounded(at, actions.actions());
  }

  private static Problem below(String at, Problem problem) {
    return new Problem(
        problem.code(), at + problem.path(), 0, 0, problem.message(), problem.hint());
  }

  private Map<String, Object> fetched(
      String at, String address, List<String> wanted, AllowList allow) {
    URI uri;
    try {
      uri = BaseUrl.address("openapi", address, true);
    } catch (IllegalArgumentException complaint) {
      error(Code.BAD_VALUE, at, complaint.getMessage(), "");
      return Map.of();
    }
    return switch (documents.fetch(uri, allow)) {
      case Documents.Found.Text text -> read(at, uri, text.bytes(), wanted);
      case Documents.Found.Unknown ignored -> Map.of();
      case Documents.Found.Missing missing -> {
        error(Code.BAD_VALUE, at, "the document cannot be fetched: " + missing.why(), "");
        yield Map.of();
      }
    };
  }

  private Map<String, Object> read(String at, URI uri, byte[] bytes, List<String> wanted) {
    Node root = null;
    Object data;
    if (bytes.length <= FlowLimits.TEXT_BYTES_MAX) {
      Problems unread = new Problems();
      Document document = Document.read(bytes, unread);
      unread.errors().forEach(problem -> errors.add(elsewhere(at, uri, problem)));
      root = document == null ? null : document.root();
      data = root == null || !unread.none() ? null : document.data();
    } else {
      data = json(at, bytes);
    }
    if (data == null) {
      return Map.of();
    }
    if (!(data instanceof Map<?, ?> map)) {
      error(Code.WRONG_TYPE, at, "the document at " + uri + " is no map", "");
      return Map.of();
    }
    OpenApiActions actions = OpenApiActions.read(strings(map), wanted);
    for (Problem problem : actions.errors()) {
      errors.add(elsewhere(at, uri, root == null ? problem : Positions.placed(problem, root)));
    }
    for (Problem problem : actions.warnings()) {
      warnings.add(elsewhere(at, uri, root == null ? problem : Positions.placed(problem, root)));
    }
    return bounded(at, actions.actions());
  }

  /** Large documents must be JSON, whose reader is cheap. */
  private Object json(String at, byte[] bytes) {
    if (bytes.length > Limits.OPENAPI_BYTES_MAX) {
      String most = Limits.OPENAPI_BYTES_MAX / 1_024 + " KiB";
      error(Code.TOO_LARGE, at, "the document is larger than " + most, "");
      return null;
    }
    try {
      return Json.read(bytes);
    } catch (JsonException broken) {
      String message =
          "the document is over 256 KiB and no JSON: line "
              + broken.line()
              + ", "
              + broken.getMessage();
      error(Code.SYNTAX, at, message, "YAML is read up to 256 KiB");
      return null;
    }
  }

  /** A problem of a text that the author has not before him. */
  private static Problem elsewhere(String at, URI uri, Problem problem) {
    String place =
        problem.line() > 0
            ? "line " + problem.line() + ", column " + problem.column()
            : "at " + (problem.path().isEmpty() ? "its root" : problem.path());
    String message = problem.message() + " (" + uri + ", " + place + ")";
    return new Problem(problem.code(), at, 0, 0, message, problem.hint());
  }

  private Map<String, Object> bounded(String at, Map<String, Object> actions) {
    String hint = "name those that flows use: operations: [createOrder, get*]";
    if (actions.size() > Limits.ACTIONS_MAX) {
      String message =
          "the document has " + actions.size() + " operations, over " + Limits.ACTIONS_MAX;
      error(Code.BAD_VALUE, at, message, hint);
    } else if (Json.bytes(actions, Limits.GENERATED_BYTES_MAX) > Limits.GENERATED_BYTES_MAX) {
      String most = Limits.GENERATED_BYTES_MAX / 1_024 + " KiB";
      error(Code.TOO_LARGE, at, "the actions of the document are over " + most, hint);
    }
    return actions;
  }

  private void error(Code code, String path, String message, String hint) {
    errors.add(new Problem(code.text(), path, 0, 0, message, hint));
  }

  static Map<String, Object> strings(Map<?, ?> map) {
    Map<String, Object> strings = new LinkedHashMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), value));
    return strings;
  }
}
