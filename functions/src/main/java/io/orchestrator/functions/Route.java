package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The routes of the API, all of them: who serves each, what it needs, which query parameters it
 * takes.
 */
enum Route {
  PUBLISH_FLOW("POST", "/flows", Server.API, Action.CREATE, "draft", "activate", "require_tests"),
  LIST_FLOWS(
      "GET",
      "/flows",
      Server.API,
      Action.READ,
      "q",
      "category",
      "tag",
      "owner",
      "status",
      "facets",
      "limit",
      "cursor"),
  VALIDATE_FLOW("POST", "/flows/validate", Server.API, Action.READ),
  GET_FLOW("GET", "/flows/{flow}", Server.API, Action.READ, "version"),
  UPDATE_FLOW(
      "PUT", "/flows/{flow}", Server.API, Action.UPDATE, "draft", "activate", "require_tests"),
  RETIRE_FLOW("DELETE", "/flows/{flow}", Server.API, Action.DELETE),
  LIST_VERSIONS("GET", "/flows/{flow}/versions", Server.API, Action.READ, "limit", "cursor"),
  GET_VERSION("GET", "/flows/{flow}/versions/{version}", Server.API, Action.READ),
  DIFF_FLOW("GET", "/flows/{flow}/diff", Server.API, Action.READ, "from", "to"),
  FLOW_FACETS("GET", "/flows/{flow}/facets", Server.API, Action.READ),
  ROUTE_FLOW("PUT", "/flows/{flow}/route", Server.API, Action.UPDATE),
  ACTIVATE_FLOW("POST", "/flows/{flow}/activate", Server.API, Action.UPDATE),
  ROLLBACK_FLOW("POST", "/flows/{flow}/rollback", Server.API, Action.UPDATE),
  CLONE_FLOW("POST", "/flows/{flow}/clone", Server.API, Action.CREATE, "draft", "activate"),
  TEST_FLOW("POST", "/flows/{flow}/test", Server.API, Action.READ, "version", "draft"),
  DRY_RUN_FLOW("POST", "/flows/{flow}/dry-run", Server.API, Action.READ, "version", "draft"),
  EXECUTE_FLOW("POST", "/flows/{flow}/execute", Server.API, Action.EXECUTE, "wait"),
  LIST_EXECUTIONS(
      "GET",
      "/executions",
      Server.API,
      Action.READ,
      "flow",
      "version",
      "status",
      "from",
      "to",
      "search.*",
      "limit",
      "cursor"),
  LIST_FAILURES(
      "GET",
      "/executions/failures",
      Server.API,
      Action.READ,
      "flow",
      "version",
      "from",
      "to",
      "limit",
      "cursor"),
  ORDER_BULK("POST", "/executions/bulk", Server.API, Action.EXECUTE),
  GET_BULK("GET", "/executions/bulk/{id}", Server.API, Action.EXECUTE),
  CONTINUE_BULK("POST", "/executions/bulk/{id}/continue", Server.API, Action.EXECUTE),
  STOP_BULK("POST", "/executions/bulk/{id}/stop", Server.API, Action.EXECUTE),
  GET_EXECUTION("GET", "/executions/{id}", Server.API, Action.READ, "cursor", "wait"),
  GET_HISTORY("GET", "/executions/{id}/history", Server.API, Action.READ, "limit", "cursor"),
  FOLLOW_EXECUTION("GET", "/executions/{id}/events", Server.API, Action.READ, "wait"),
  EXPLAIN_EXECUTION("POST", "/executions/{id}/explain", Server.API, Action.READ),
  CANCEL_EXECUTION("POST", "/executions/{id}/cancel", Server.API, Action.EXECUTE),
  PAUSE_EXECUTION("POST", "/executions/{id}/pause", Server.API, Action.EXECUTE),
  RESUME_EXECUTION("POST", "/executions/{id}/resume", Server.API, Action.EXECUTE),
  RETRY_EXECUTION("POST", "/executions/{id}/retry", Server.API, Action.EXECUTE),
  RERUN_EXECUTION("POST", "/executions/{id}/rerun", Server.API, Action.EXECUTE),
  ROLLBACK_EXECUTION("POST", "/executions/{id}/rollback", Server.API, Action.EXECUTE),
  REVEAL_EXECUTION("POST", "/executions/{id}/reveal", Server.API, Action.ADMIN),
  COMPLETE_STEP("POST", "/executions/{id}/steps/{step}/complete", Server.API, Action.EXECUTE),
  FAIL_STEP("POST", "/executions/{id}/steps/{step}/fail", Server.API, Action.EXECUTE),
  SKIP_STEP("POST", "/executions/{id}/steps/{step}/skip", Server.API, Action.EXECUTE),
  SEND_SIGNAL("POST", "/executions/{id}/signals/{name}", Server.API, Action.EXECUTE),
  SEND_EVENT("POST", "/events", Server.API, Action.EXECUTE),
  LIST_APPROVALS("GET", "/approvals", Server.API, Action.EXECUTE, "limit", "cursor"),
  LIST_SCHEDULES("GET", "/schedules", Server.API, Action.READ, "flow", "limit", "cursor"),
  LIST_ADAPTERS("GET", "/adapters", Server.API, Action.READ, "limit", "cursor"),
  GET_ADAPTER("GET", "/adapters/{name}", Server.API, Action.READ, "revision"),
  LIST_ADAPTER_REVISIONS(
      "GET", "/adapters/{name}/revisions", Server.API, Action.READ, "limit", "cursor"),
  GET_ADAPTER_HEALTH("GET", "/adapters/{name}/health", Server.API, Action.READ),
  PUT_ADAPTER("PUT", "/adapters/{name}", Server.API, Action.ADMIN),
  DELETE_ADAPTER("DELETE", "/adapters/{name}", Server.API, Action.ADMIN),
  CALL_ADAPTER("POST", "/adapters/{name}/call", Server.API, Action.ADMIN),
  SET_CIRCUIT("POST", "/adapters/{name}/circuit", Server.API, Action.ADMIN),
  LIST_STEPS("GET", "/steps", Server.API, Action.READ, "limit", "cursor"),
  GET_STEP("GET", "/steps/{name}", Server.API, Action.READ),
  PUT_STEP("PUT", "/steps/{name}", Server.API, Action.UPDATE),
  DELETE_STEP("DELETE", "/steps/{name}", Server.API, Action.UPDATE),
  LIST_TEMPLATES("GET", "/templates", Server.API, Action.READ, "limit", "cursor"),
  GET_TEMPLATE("GET", "/templates/{template}", Server.API, Action.READ),
  PUT_TEMPLATE("PUT", "/templates/{template}", Server.API, Action.UPDATE),
  DELETE_TEMPLATE("DELETE", "/templates/{template}", Server.API, Action.UPDATE),
  INSTANTIATE_TEMPLATE(
      "POST", "/templates/{template}/instantiate", Server.API, Action.CREATE, "draft", "activate"),
  ANALYZE_FLOW("GET", "/flows/{flow}/analytics", Server.API, Action.READ, "from", "to"),
  LIST_AUDIT(
      "GET",
      "/audit",
      Server.API,
      Action.ADMIN,
      "from",
      "to",
      "actor",
      "object",
      "limit",
      "cursor"),
  VERIFY_AUDIT("GET", "/audit/verify", Server.API, Action.ADMIN, "seal", "hash", "cursor"),
  EXPORT_AUDIT(
      "POST",
      "/audit/exports",
      Server.API,
      Action.ADMIN,
      "from",
      "to",
      "actor",
      "object",
      "cursor"),
  ME("GET", "/me", Server.API, Guard.TOKEN),
  OPENAPI("GET", "/openapi.json", Server.API, Guard.NOTHING),
  FLOW_SCHEMA("GET", "/schemas/flow.json", Server.API, Guard.NOTHING),
  HEALTH("GET", "/health", Server.API, Guard.NOTHING),
  HOOK("POST", "/hooks/{tenant}/{path}", Server.TRIGGER, Guard.OTHERWISE),
  CALLBACK("POST", "/callbacks/{token}", Server.RESUME, Guard.NOTHING, "outcome"),
  GET_APPROVAL("GET", "/approvals/{id}", Server.RESUME, Guard.OTHERWISE, "link"),
  DECIDE_APPROVAL("POST", "/approvals/{id}", Server.RESUME, Guard.OTHERWISE, "link");

  /** The function that serves a route. */
  enum Server {
    API,
    TRIGGER,
    RESUME
  }

  /** What whoever calls a route must show. */
  enum Guard {
    /** A token that grants the route's permission. */
    PERMISSION,
    /** Any valid token. */
    TOKEN,
    /** A token, or what its resource takes in place of one: a link, a flow's own rule. */
    OTHERWISE,
    /** Nothing, or what the path itself says. */
    NOTHING
  }

  private final String method;
  private final String template;
  private final Server server;
  private final Guard guard;
  private final Action permission;
  private final String parameters;

  Route(String method, String template, Server server, Action permission, String... parameters) {
    this(method, template, server, Guard.PERMISSION, permission, parameters);
  }

  Route(String method, String template, Server server, Guard guard, String... parameters) {
    this(method, template, server, guard, null, parameters);
  }

  Route(
      String method,
      String template,
      Server server,
      Guard guard,
      Action permission,
      String... parameters) {
    this.method = method;
    this.template = template;
    this.server = server;
    this.guard = guard;
    this.permission = permission;
    this.parameters = String.join(" ", parameters);
  }

  /** What a method and a path lead to. */
  sealed interface Match {
    /** A route, with the decoded values of its path parameters. */
    record Found(Route route, Map<String, String> path) implements Match {}

    /** The path is known, with other methods. */
    record OtherMethod(List<String> allowed) implements Match {}

    /** Nothing. */
    record Nothing() implements Match {}
  }

  /** Finds the route among those of a server. Routes without parameters stand before those with. */
  static Match find(Server server, String method, String path) {
    List<String> allowed = new ArrayList<>();
    for (Route route : values()) {
      Optional<Map<String, String>> values =
          route.server == server ? route.match(path) : Optional.empty();
      if (values.isPresent()) {
        if (route.method.equals(method)) {
          return new Match.Found(route, values.get());
        }
        allowed.add(route.method);
      }
    }
    return allowed.isEmpty()
        ? new Match.Nothing()
        : new Match.OtherMethod(allowed.stream().distinct().toList());
  }

  String method() {
    return method;
  }

  /** As the template writes it: {@code /flows/{flow}}. */
  String template() {
    return template;
  }

  Server server() {
    return server;
  }

  Guard guard() {
    return guard;
  }

  /** What a caller must be allowed to do; null where no permission decides. */
  Action permission() {
    return permission;
  }

  /** As the audit trail names it: {@code execution.cancel} for {@code CANCEL_EXECUTION}. */
  String action() {
    String[] words = name().toLowerCase(Locale.ROOT).split("_", 2);
    return words.length == 1 ? words[0] : words[1] + "." + words[0];
  }

  List<String> parameters() {
    return parameters.isEmpty() ? List.of() : List.of(parameters.split(" "));
  }

  private Optional<Map<String, String>> match(String path) {
    String[] parts = template.split("/", -1);
    String[] given = path.split("/", -1);
    if (given.length != parts.length || !given[0].isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      String text = decoded(given[i]);
      if (part.equals("{id}") && Written.IN_PLACE_OF_IDS.contains(text)) {
        return Optional.empty();
      }
      if (part.startsWith("{") && !text.isEmpty()) {
        values.put(part.substring(1, part.length() - 1), text);
      } else if (!part.equals(text)) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  /**
   * What stands in a path where others have an id. Names may be such a word ({@code
   * /flows/validate} is a flow's path, too), ids never: there another method is an unknown method,
   * not an unknown id.
   */
  private static final class Written {
    static final Set<String> IN_PLACE_OF_IDS =
        Arrays.stream(values())
            .filter(route -> route.template.startsWith("/executions/"))
            .map(route -> route.template.split("/", -1)[2])
            .filter(word -> !word.startsWith("{"))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What is not well encoded matches nothing. */
  private static String decoded(String segment) {
    try {
      return segment.indexOf('%') < 0 ? segment : Escapes.inPath(segment);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return method + " " + template;
  }
}
