package io.orchestrator.adapter.builtin;

import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The built-in types, each with its type definition: a definition in the usual language, over which
 * a tenant's is laid when it is read. Any number of threads.
 */
public final class BuiltInTypes {
  /** Each has a file of its name beside this class, but for the one that is only another name. */
  private static final List<String> NAMES =
      List.of(
          "ai",
          "email",
          "gohighlevel",
          "iam",
          "lambda",
          "llm",
          "mcp",
          "n8n",
          "prompt_service",
          "retell",
          "slack",
          "sqs");

  /** Another name of {@code llm}, of which flows expect that it classifies. */
  private static final String AI = "ai";

  private static final Map<String, Map<String, Object>> READ = new ConcurrentHashMap<>();

  private BuiltInTypes() {}

  /** Their names, sorted. */
  public static List<String> names() {
    return NAMES;
  }

  /** The definition of a type, as data that cannot be changed; null if it is not built in. */
  public static Map<String, Object> definition(String type) {
    return NAMES.contains(type) ? READ.computeIfAbsent(type, BuiltInTypes::read) : null;
  }

  /**
   * What a type can be told under {@code settings}, with the values that hold without; empty if it
   * takes none.
   */
  public static Map<String, Object> settings(String type) {
    Map<String, Object> definition = type == null ? null : definition(type);
    return definition == null || !(definition.get("settings") instanceof Map<?, ?> known)
        ? Map.of()
        : strings(known);
  }

  /**
   * The written definition laid over that of its type; itself if its type is none of these. What is
   * written wins; headers and settings are joined by name, and actions by name and key. A setting
   * may stand beside the other keys, too.
   *
   * @param keys of every definition, which are no settings
   */
  public static Map<String, Object> overlay(Map<String, Object> written, Set<String> keys) {
    Map<String, Object> under =
        written.get("type") instanceof String type ? definition(named(type, written)) : null;
    if (under == null) {
      return written;
    }
    Map<String, Object> whole = new LinkedHashMap<>(under);
    settled(written, under, keys)
        .forEach(
            (key, value) ->
                whole.put(
                    key,
                    switch (key) {
                      case "headers" -> headers(under.get(key), value);
                      case "settings" -> joined(under.get(key), value);
                      case "actions" -> actions(under.get(key), value);
                      default -> value;
                    }));
    return whole;
  }

  /** An adapter that is called {@code ai} does what flows expect of that name. */
  private static String named(String type, Map<String, Object> written) {
    return type.equals("llm") && AI.equals(written.get("adapter")) ? AI : type;
  }

  /** What is written, with the settings that stand beside the other keys where they belong. */
  private static Map<String, Object> settled(
      Map<String, Object> written, Map<String, Object> under, Set<String> keys) {
    if (!(under.get("settings") instanceof Map<?, ?> known)) {
      return written;
    }
    Map<String, Object> settled = new LinkedHashMap<>();
    Map<String, Object> settings = new LinkedHashMap<>();
    written.forEach(
        (key, value) ->
            (known.containsKey(key) && !keys.contains(key) ? settings : settled).put(key, value));
    if (!settings.isEmpty()) {
      settled.put("settings", joined(settings, written.get("settings")));
    }
    return settled;
  }

  private static Object joined(Object under, Object over) {
    if (over == null) {
      return under;
    }
    if (!(under instanceof Map<?, ?> known) || !(over instanceof Map<?, ?> own)) {
      return over;
    }
    Map<String, Object> joined = strings(known);
    joined.putAll(strings(own));
    return joined;
  }

  /** A name is one header in any case of its letters. */
  private static Object headers(Object under, Object over) {
    if (!(under instanceof Map<?, ?> known) || !(over instanceof Map<?, ?> own)) {
      return over == null ? under : over;
    }
    Map<String, Object> joined = strings(known);
    own.forEach(
        (name, value) -> {
          String lower = String.valueOf(name).toLowerCase(Locale.ROOT);
          joined.keySet().removeIf(other -> other.toLowerCase(Locale.ROOT).equals(lower));
          joined.put(String.valueOf(name), value);
        });
    return joined;
  }

  private static Object actions(Object under, Object over) {
    if (!(under instanceof Map<?, ?> known) || !(over instanceof Map<?, ?> own)) {
      return over == null ? under : over;
    }
    Map<String, Object> actions = strings(known);
    own.forEach(
        (name, action) ->
            actions.merge(String.valueOf(name), orNothing(action), BuiltInTypes::joined));
    return actions;
  }

  /** An action without any key of its own: {@code start_call:}. */
  private static Object orNothing(Object action) {
    return action == null ? Map.of() : action;
  }

  private static Map<String, Object> read(String type) {
    if (type.equals(AI)) {
      Map<String, Object> alias = new LinkedHashMap<>(read("llm"));
      alias.put("default_action", "classify");
      return Collections.unmodifiableMap(alias);
    }
    try (InputStream yaml = BuiltInTypes.class.getResourceAsStream(type + ".yaml")) {
      if (yaml == null) {
        throw new IllegalStateException("the built-in type " + type + " has no definition");
      }
      Problems problems = new Problems();
      Document document = Document.read(yaml.readAllBytes(), problems);
      if (document == null || !problems.none() || !(document.data() instanceof Map<?, ?> data)) {
        throw new IllegalStateException(
            "the built-in type " + type + " is wrong: " + problems.errors());
      }
      return Collections.unmodifiableMap(strings(data));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Map<String, Object> strings(Map<?, ?> map) {
    Map<String, Object> strings = new LinkedHashMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), value));
    return strings;
  }
}
