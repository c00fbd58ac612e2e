package io.orchestrator.adapter;

import io.orchestrator.adapter.builtin.BuiltInTypes;
import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
          "openapi",
          Source.ENVIRONMENTS);

  /** Types that reach their service by other means than a {@code base_url} of the definition. */
  private static final Set<String> WITHOUT_BASE_URL =
      Set.of("sandbox", "lambda", "sqs", "llm", "ai");

  private final List<Problem> problems = new ArrayList<>();
  private final Source source;

  private DefinitionReader(Source source) {
    this.source = source;
  }

  /**
   * What reading gave.
   *
   * @param definition null if there are problems
   */
  public record Reading(Definition definition, List<Problem> problems) {}

  /** Reads a definition. It is cheap: input schemas are not compiled. */
  public static Reading read(Map<String, Object> data) {
    return read(Source.of(data));
  }

  /** The same of what counts in an environment. */
  public static Reading read(Source source) {
    DefinitionReader reader = new DefinitionReader(source);
    Definition definition = reader.definition(source.effective());
    List<Problem> problems = reader.problems.stream().map(source::asWritten).toList();
    return new Reading(problems.isEmpty() ? definition : null, problems);
  }

  /** Reads a definition that is about to be stored, and compiles its schemas too. */
  public static Reading readStrictly(Map<String, Object> data) {
    return readStrictly(Source.of(data));
  }

  /** The same of all its environments; the definition is that of the source's own. */
  public static Reading readStrictly(Source source) {
    Reading reading = read(source);
    Set<Problem> problems = new LinkedHashSet<>(reading.problems());
    if (source.written().get(Source.ENVIRONMENTS) instanceof Map<?, ?> environments) {
      Fields.strings(environments)
          .keySet()
          .forEach(other -> problems.addAll(read(source.in(other)).problems()));
    }
    if (problems.isEmpty()) {
      for (Action action : reading.definition().actions().values()) {
        if (action.input() != null) {
          problems.addAll(checkSchema(action));
        }
      }
    }
    return problems.isEmpty() ? reading : new Reading(null, List.copyOf(problems));
  }

  /**
   * The same from a text, whose lines and columns the problems name. Documents elsewhere are not
   * fetched.
   */
  public static Reading readText(byte[] utf8) {
    DefinitionText.Read read = DefinitionText.OFFLINE.read(utf8);
    return new Reading(read.definition(), read.errors());
  }

  private static List<Problem> checkSchema(Action action) {
    try {
      action.input().check();
      return List.of();
    } catch (IllegalArgumentException complaint) {
      String path = "/actions/" + action.name() + "/input";
      String message = "not a JSON Schema: " + complaint.getMessage();
      return List.of(new Problem(Code.BAD_SCHEMA.text(), path, 0, 0, message, ""));
    }
  }

  private Definition definition(Map<String, Object> data) {
    Fields fields = new Fields(BuiltInTypes.overlay(data, KEYS), "", problems);
    fields.only(KEYS);
    environments(fields.map(Source.ENVIRONMENTS));
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
        AuthReader.of(fields, type),
        headers(fields),
        defaultAction(fields, actions),
        timeout == null ? Limits.TIMEOUT_DEFAULT : timeout,
        allow(fields),
        SafeguardsReader.read(fields, name, fields.has("base_url")),
        actions,
        Settings.read(fields, type),
        source.written());
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

  /** Which environments there are, and what each may say; what it says is read when it counts. */
  private static void environments(Fields fields) {
    for (String name : fields == null ? Set.<String>of() : fields.keys()) {
      if (!NAME.matcher(name).matches()) {
        fields.problem(
            Code.BAD_NAME, name, "the name of an environment must match " + NAME.pattern(), "");
      }
      Fields one = fields.has(name) ? fields.map(name) : fields.empty(name);
      if (one != null) {
        one.only(Source.OVERLAID);
      }
    }
  }

  private String defaultAction(Fields fields, Map<String, Action> actions) {
    String action = fields.text("default_action");
    if (action != null && !actions.containsKey(action) && !source.isOpen()) {
      String near = Nearest.hint(action, actions.keySet());
      String hint =
          near.isEmpty() ? "the actions are " + String.join(", ", actions.keySet()) : near;
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
