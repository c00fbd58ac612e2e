package io.orchestrator.functions;

import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The query parameters of a request: only known ones, each at most once. */
final class Query {
  private static final Pattern WAIT = Pattern.compile("(0|[1-9][0-9]{0,5})(ms|s)");
  private static final String ATTRIBUTES = "search.";
  private static final Pattern ATTRIBUTE = Pattern.compile("search\\.[A-Za-z][A-Za-z0-9_]{0,62}");

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  static Query read(String raw, List<String> known) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (String pair : raw.isEmpty() ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals), problems);
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1), problems);
      if (!isKnown(name, known)) {
        problems.add(
            problem(
                "unknown_parameter",
                "There is no query parameter '" + name + "' here",
                Nearest.hint(name, known)));
      } else if (values.put(name, value) != null) {
        problems.add(
            problem(
                "duplicate_parameter", "The query parameter '" + name + "' is given twice", ""));
      }
    }
    if (!problems.isEmpty()) {
      throw Refusal.invalid(problems);
    }
    return new Query(values);
  }

  /** A star at the end of a name stands for the name of a search attribute. */
  private static boolean isKnown(String name, List<String> known) {
    return known.contains(name)
        || (ATTRIBUTE.matcher(name).matches() && known.contains(ATTRIBUTES + "*"));
  }

  /** The values of search attributes that were asked for, by their names. */
  Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String name : values.keySet()) {
      if (name.startsWith(ATTRIBUTES)) {
        attributes.put(name.substring(ATTRIBUTES.length()), text(name, Limits.SEARCH_CHARS_MAX));
      }
    }
    if (attributes.size() > Limits.SEARCH_ATTRIBUTES_MAX) {
      throw bad(ATTRIBUTES + "*", "may be given " + Limits.SEARCH_ATTRIBUTES_MAX + " times");
    }
    return attributes;
  }

  /** A parameter's value; empty if it was not given. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** The same, of a bounded length. */
  String text(String name, int charsMax) {
    String value = text(name);
    if (value.length() > charsMax || value.indexOf('\0') >= 0) {
      throw bad(name, "has at most " + charsMax + " characters and no NUL");
    }
    return value;
  }

  boolean flag(String name, boolean otherwise) {
    return switch (text(name)) {
      case "" -> {
        if (values.containsKey(name)) {
          throw bad(name, "must be true or false");
        }
        yield otherwise;
      }
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(name, "must be true or false");
    };
  }

  /** How many items a page has. */
  int limit() {
    String value = text("limit");
    if (value.isEmpty()) {
      return Limits.PAGE_DEFAULT;
    }
    if (!value.matches("[0-9]{1,3}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > Limits.PAGE_MAX) {
      throw bad("limit", "must be a number from 1 to " + Limits.PAGE_MAX);
    }
    return Integer.parseInt(value);
  }

  /** How long the call may wait; null if it must not. */
  Duration waiting() {
    String value = text("wait");
    if (!values.containsKey("wait")) {
      return null;
    }
    Matcher matcher = WAIT.matcher(value);
    if (!matcher.matches()) {
      throw bad("wait", "must be a duration such as 5s or 500ms");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration wait =
        matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    if (wait.compareTo(Limits.WAIT_MAX) > 0) {
      throw bad("wait", "must be at most " + Limits.WAIT_MAX.toSeconds() + "s");
    }
    return wait;
  }

  /** A time (RFC 3339); null if it was not given. */
  Instant instant(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      return null;
    }
    return Times.read(value)
        .orElseThrow(() -> bad(name, "must be a time such as 2026-01-31T12:00:00Z"));
  }

  static Refusal bad(String name, String rule) {
    return Refusal.invalid("bad_parameter", "The query parameter '" + name + "' " + rule, "");
  }

  private static String decode(String text, List<Problem> problems) {
    try {
      return Escapes.inQuery(text);
    } catch (IllegalArgumentException e) {
      problems.add(problem("bad_parameter", "The query is not well encoded", ""));
      return text;
    }
  }

  private static Problem problem(String code, String message, String hint) {
    return new Problem(code, "", 0, 0, message, hint);
  }
}
