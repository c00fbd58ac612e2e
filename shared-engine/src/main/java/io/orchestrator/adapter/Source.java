package io.orchestrator.adapter;

import io.orchestrator.flow.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a definition is read from: the data as it was written, the actions that were made of its
 * OpenAPI document, and the environment whose part of it counts.
 *
 * @param generated actions by name, in the language of definitions
 * @param environment of the deployment; empty if it has no name
 */
public record Source(
    Map<String, Object> written, Map<String, Object> generated, String environment) {
  /** The key under which a definition says what is different in an environment. */
  static final String ENVIRONMENTS = "environments";

  /** What may be different; names and actions may not, for published flows were checked by them. */
  static final Set<String> OVERLAID =
      Set.of(
          "base_url",
          "auth",
          "headers",
          "settings",
          "timeout",
          "circuit_breaker",
          "rate_limit",
          "health",
          "fallback",
          "allow");

  private static final Set<String> JOINED = Set.of("headers", "settings");

  /** A definition without an OpenAPI document, in a deployment without a name. */
  public static Source of(Map<String, Object> written) {
    return new Source(written, Map.of(), "");
  }

  /** The same in that environment. */
  public Source in(String other) {
    return new Source(written, generated, other);
  }

  /** Whether it has actions that nobody here knows, because its document was not fetched. */
  boolean isOpen() {
    return written.get("openapi") != null && generated.isEmpty();
  }

  /** What counts: the environment's part over the rest, and written actions over generated ones. */
  Map<String, Object> effective() {
    Map<String, Object> effective = new LinkedHashMap<>(written);
    overlay()
        .forEach(
            (key, value) -> {
              if (OVERLAID.contains(key)) {
                boolean joined = JOINED.contains(key) && value instanceof Map;
                effective.put(key, joined ? merged(effective.get(key), value) : value);
              }
            });
    if (!generated.isEmpty()) {
      effective.put("actions", actions());
    }
    return effective;
  }

  private Map<String, Object> overlay() {
    return written.get(ENVIRONMENTS) instanceof Map<?, ?> all
            && all.get(environment) instanceof Map<?, ?> one
        ? Fields.strings(one)
        : Map.of();
  }

  private static Map<String, Object> merged(Object below, Object above) {
    Map<String, Object> merged = new LinkedHashMap<>();
    if (below instanceof Map<?, ?> map) {
      merged.putAll(Fields.strings(map));
    }
    merged.putAll(Fields.strings((Map<?, ?>) above));
    return merged;
  }

  /** Key by key: whoever writes only a timeout for a generated action keeps the rest of it. */
  private Object actions() {
    Object own = written.get("actions");
    if (own != null && !(own instanceof Map)) {
      return own; // which the reader complains about
    }
    Map<String, Object> actions = new LinkedHashMap<>(generated);
    if (own instanceof Map<?, ?> map) {
      Fields.strings(map)
          .forEach(
              (name, action) ->
                  actions.merge(
                      name,
                      action == null ? Map.of() : action,
                      (made, more) -> more instanceof Map ? overridden(made, more) : more));
    }
    return actions;
  }

  private static Map<String, Object> overridden(Object made, Object more) {
    Map<String, Object> action = merged(made, more);
    if (((Map<?, ?>) more).containsKey("output") && !((Map<?, ?>) more).containsKey("result")) {
      action.remove("result"); // it told of another output
    }
    return action;
  }

  /** The problem at the place where its key was written. */
  Problem asWritten(Problem problem) {
    String path = problem.path();
    int end = path.indexOf('/', 1);
    String key = path.isEmpty() ? "" : path.substring(1, end < 0 ? path.length() : end);
    if (!overlay().containsKey(key) || !OVERLAID.contains(key)) {
      return problem;
    }
    return new Problem(
        problem.code(),
        "/" + ENVIRONMENTS + "/" + environment + path,
        problem.line(),
        problem.column(),
        problem.message(),
        problem.hint());
  }
}
