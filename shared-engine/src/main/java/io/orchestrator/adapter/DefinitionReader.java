package io.orchestrator.adapter;

import io.orchestrator.adapter.builtin.BuiltInTypes;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Spot;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads definitions; it reports everything that is wrong with one at once. */
public final class DefinitionReader {
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  private static final Set<String> KEYS =
      Set.of(
          "adapter",
          "title",
          "type",
          "base_url",
          "auth",
          "headers",
          "default_action",
          "timeout",
          "circuit_breaker",
          "rate_limit",
          "health",
          "fallback",
          "allow",
          "actions",
          "settings",
          "openapi");

  /** Types that reach their service by other means than a {@code base_url} of the definition. */
  private static final Set<String> WITHOUT_BASE_URL =
      Set.of("sandbox", "lambda", "sqs", "llm", "ai");

  /** Types whose requests are signed for AWS. */
  private static final Set<String> SIGNING = Set.of("lambda", "sqs", "llm", "ai");

  private final List<Problem> problems = new ArrayList<>();

  private DefinitionReader() {}

  /**
   * What reading gave.
   *
   * @param definition null if there are problems
   */
  public record Reading(Definition definition, List<Problem> problems) {}

  /** Reads a definition. It is cheap: input schemas are not compiled. */
  public static Reading read(Map<String, Object> data) {
    DefinitionReader reader = new DefinitionReader();
    Definition definition = reader.definition(data);
    boolean good = reader.problems.isEmpty();
    return new Reading(good ? definition : null, List.copyOf(reader.problems));
  }

  /** Reads a definition that is about to be stored, and compiles its schemas too. */
  public static Reading readStrictly(Map<String, Object> data) {
    Reading reading = read(data);
    if (reading.definition() == null) {
      return reading;
    }
    List<Problem> problems = new ArrayList<>();
    for (Action action : reading.definition().actions().values()) {
      if (action.input() != null) {
        checkSchema(action, problems);
      }
    }
    return problems.isEmpty() ? reading : new Reading(null, problems);
  }

  /** The same from a text, whose lines and columns the problems name. */
  public static Reading readText(byte[] utf8) {
    Problems unread = new Problems();
    Document document = Document.read(utf8, unread);
    if (document == null || !unread.none()) {
      return new Reading(null, unread.errors());
    }
    if (!(document.data() instanceof Map<?, ?> map)) {
      unread.error(
          Code.WRONG_TYPE, document.root().spot(), "a definition is a map", "adapter: name");
      return new Reading(null, unread.errors());
    }
    Reading reading = readStrictly(Fields.strings(map));
    return new Reading(
        reading.definition(),
        reading.problems().stream().map(problem -> placed(problem, document.root())).toList());
  }

  private static Problem placed(Problem problem, Node root) {
    Spot spot = root.spot();
    Node node = root;
    for (String escaped :
        problem.path().isEmpty() ? new String[0] : problem.path().substring(1).split("/", -1)) {
      String key = escaped.replace("~1", "/").replace("~0", "~");
      if (node instanceof Node.Mapping mapping && mapping.entries().get(key) != null) {
        spot = mapping.entries().get(key).spot();
        node = mapping.get(key);
      } else if (node instanceof Node.Sequence list
          && key.matches("[0-9]{1,4}")
          && Integer.parseInt(key) < list.items().size()) {
        node = list.items().get(Integer.parseInt(key));
        spot = node.spot();
      } else {
        break;
      }
    }
    return new Problem(
        problem.code(),
        problem.path(),
        spot.line(),
        spot.column(),
        problem.message(),
        problem.hint());
  }

  private static void checkSchema(Action action, List<Problem> problems) {
    try {
      action.input().check();
    } catch (IllegalArgumentException complaint) {
      String path = "/actions/" + action.name() + "/input";
      problems.add(
          new Problem(
              Code.BAD_SCHEMA.text(),
              path,
              0,
              0,
              "not a JSON Schema: " + complaint.getMessage(),
              ""));
    }
  }

  private Definition definition(Map<String, Object> data) {
    Fields fields = new Fields(BuiltInTypes.overlay(data, KEYS), "", problems);
    fields.only(KEYS);
    String name = name(fields, "adapter");
    String type = fields.has("type") ? name(fields, "type") : "http";
    URI baseUrl = fields.parsed("base_url", BaseUrl::parse);
    if (baseUrl == null && needsBaseUrl(type) && !fields.has("base_url")) {
      fields.problem(Code.MISSING_KEY, "", "an adapter of type " + type + " needs a base_url", "");
    }
    Duration timeout = fields.timeout("timeout");
    Map<String, Action> actions = actions(fields, name, type);
    return new Definition(
        name,
        fields.has("title") ? fields.text("title") : name,
        type,
        baseUrl,
        auth(fields.map("auth"), type),
        headers(fields),
        defaultAction(fields, actions),
        timeout == null ? Limits.TIMEOUT_DEFAULT : timeout,
        allow(fields),
        SafeguardsReader.read(fields, name, fields.has("base_url")),
        actions,
        Settings.read(fields, type),
        data);
  }

  private static boolean needsBaseUrl(String type) {
    return "http".equals(type)
        || (BuiltInTypes.names().contains(String.valueOf(type))
            && !WITHOUT_BASE_URL.contains(type));
  }

  private static String name(Fields fields, String key) {
    String name = fields.text(key);
    if (name == null) {
      if (!fields.has(key)) {
        fields.problem(Code.MISSING_KEY, "", "the key " + key + " is missing", "");
      }
    } else if (!NAME.matcher(name).matches()) {
      fields.problem(Code.BAD_NAME, key, key + " must match " + NAME.pattern(), "");
    }
    return name;
  }

  private static String defaultAction(Fields fields, Map<String, Action> actions) {
    String action = fields.text("default_action");
    if (action != null && !actions.containsKey(action)) {
      String hint = "the actions are " + String.join(", ", actions.keySet());
      fields.problem(Code.UNKNOWN_ACTION, "default_action", "there is no action " + action, hint);
    }
    return action;
  }

  static Map<String, Template> headers(Fields fields) {
    Map<String, Template> headers = fields.templates("headers");
    if (headers == null) {
      return Map.of();
    }
    for (String header : headers.keySet()) {
      String complaint = HeaderRules.complaint(header);
      if (complaint != null) {
        fields.problem(Code.BAD_VALUE, "headers", complaint, "");
      }
    }
    return headers;
  }

  private static Auth auth(Fields fields, String type) {
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("aws", "bearer", "basic", "header", "none"));
    if (fields.keys().size() != 1) {
      fields.problem(
          Code.BAD_VALUE, "", "auth must have exactly one of aws, bearer, basic, header, none", "");
      return new Auth.None();
    }
    return switch (fields.keys().iterator().next()) {
      case "bearer" -> new Auth.Bearer(fields.secret("bearer"));
      case "basic" -> basic(fields.map("basic"));
      case "header" -> header(fields.map("header"));
      case "aws" -> aws(fields, type);
      default -> new Auth.None();
    };
  }

  private static Auth basic(Fields fields) {
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("username", "password"));
    Object username =
        fields.get("username") instanceof Map ? fields.secret("username") : fields.text("username");
    return new Auth.Basic(username == null ? "" : username, fields.secret("password"));
  }

  private static Auth aws(Fields auth, String type) {
    if (!SIGNING.contains(String.valueOf(type))) {
      auth.problem(
          Code.BAD_VALUE,
          "aws",
          "adapters of type " + type + " are not signed for AWS",
          "one of " + String.join(", ", SIGNING.stream().sorted().toList()));
    }
    Fields fields = auth.map("aws");
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("access_key_id", "secret_access_key", "session_token"));
    return new Auth.Aws(
        fields.secret("access_key_id"),
        fields.secret("secret_access_key"),
        fields.has("session_token") ? fields.secret("session_token") : null);
  }

  private static Auth header(Fields fields) {
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("name", "value"));
    String name = fields.text("name");
    String complaint = name == null ? "the key name is missing" : HeaderRules.complaint(name);
    if (complaint != null) {
      fields.problem(Code.BAD_VALUE, "name", complaint, "");
    }
    return new Auth.Header(name, fields.secret("value"));
  }

  private static AllowList allow(Fields fields) {
    List<?> entries = fields.list("allow");
    if (entries == null) {
      return AllowList.NONE;
    }
    List<String> texts = new ArrayList<>();
    for (Object entry : entries) {
      texts.add(String.valueOf(entry));
    }
    try {
      return AllowList.parse(texts);
    } catch (IllegalArgumentException complaint) {
      fields.problem(Code.BAD_VALUE, "allow", complaint.getMessage(), "");
      return AllowList.NONE;
    }
  }

  private static Map<String, Action> actions(Fields fields, String adapter, String type) {
    Fields written = fields.map("actions");
    Map<String, Action> actions = new LinkedHashMap<>();
    if (written == null) {
      return actions;
    }
    if (written.keys().size() > Limits.ACTIONS_MAX) {
      fields.problem(Code.BAD_VALUE, "actions", "at most " + Limits.ACTIONS_MAX + " actions", "");
      return actions;
    }
    for (String name : written.keys()) {
      if (!NAME.matcher(name).matches()) {
        written.problem(
            Code.BAD_NAME, name, "the name of an action must match " + NAME.pattern(), "");
      }
      Fields action = written.has(name) ? written.map(name) : written.empty(name);
      if (action != null) {
        actions.put(name, ActionReader.read(name, action, adapter, type));
      }
    }
    return actions;
  }
}
