package io.orchestrator.rehearsal;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.orchestrator.expression.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares data with what a test expects: exactly, unless it says {@code {$any: true}}, {@code
 * {$includes: ...}} or {@code {$matches: pattern}}.
 */
final class Match {
  private static final String ANY = "$any";
  private static final String INCLUDES = "$includes";
  private static final String MATCHES = "$matches";
  private static final int SHOWN_MAX = 400;

  private final List<String> differences = new ArrayList<>();

  private Match() {}

  /** One line for every place where the data is not what is wanted. */
  static List<String> differences(String what, Object wanted, Object actual) {
    Match match = new Match();
    match.compare(what, wanted, actual, false);
    return match.differences;
  }

  /** The same, where maps may have more keys than are wanted. */
  static List<String> missing(String what, Object wanted, Object actual) {
    Match match = new Match();
    match.compare(what, wanted, actual, true);
    return match.differences;
  }

  private void compare(String at, Object wanted, Object actual, boolean partly) {
    switch (wanted) {
      case Map<?, ?> map when map.keySet().equals(Set.of(ANY)) -> {
        if (actual == null && !Boolean.FALSE.equals(map.get(ANY))) {
          differ(at, "anything", actual);
        }
      }
      case Map<?, ?> map when map.keySet().equals(Set.of(INCLUDES)) ->
          includes(at, map.get(INCLUDES), actual);
      case Map<?, ?> map when map.keySet().equals(Set.of(MATCHES)) ->
          matches(at, String.valueOf(map.get(MATCHES)), actual);
      case Map<?, ?> map when actual instanceof Map<?, ?> other -> maps(at, map, other, partly);
      case List<?> list when actual instanceof List<?> other -> lists(at, list, other, partly);
      case null, default -> {
        if (!same(wanted, actual)) {
          differ(at, shown(wanted), actual);
        }
      }
    }
  }

  private void maps(String at, Map<?, ?> wanted, Map<?, ?> actual, boolean partly) {
    Map<String, Object> more = new LinkedHashMap<>();
    actual.forEach((key, value) -> more.put((String) key, value));
    wanted.forEach(
        (key, value) -> {
          more.remove((String) key);
          String below = at + "." + key;
          if (actual.containsKey(key) || value == null) {
            compare(below, value, actual.get(key), partly);
          } else {
            differences.add(below + ": expected " + described(value) + ", is missing");
          }
        });
    if (!partly) {
      more.forEach(
          (key, value) -> {
            if (value != null) {
              differences.add(at + "." + key + ": not expected, was " + shown(value));
            }
          });
    }
  }

  private void lists(String at, List<?> wanted, List<?> actual, boolean partly) {
    if (wanted.size() != actual.size()) {
      differences.add(
          at
              + ": expected "
              + wanted.size()
              + " items, was "
              + actual.size()
              + ": "
              + shown(actual));
    }
    for (int i = 0; i < Math.min(wanted.size(), actual.size()); i++) {
      compare(at + "[" + i + "]", wanted.get(i), actual.get(i), partly);
    }
  }

  private void includes(String at, Object part, Object actual) {
    switch (actual) {
      case Map<?, ?> map when part instanceof Map<?, ?> -> compare(at, part, map, true);
      case List<?> list -> {
        List<?> parts = part instanceof List<?> several ? several : singleton(part);
        for (Object one : parts) {
          if (list.stream().noneMatch(item -> missing(at, one, item).isEmpty())) {
            differ(at, "a list with " + shown(one), actual);
          }
        }
      }
      case String text when part instanceof String inner && text.contains(inner) -> {}
      case null, default -> differ(at, "something that includes " + shown(part), actual);
    }
  }

  private static List<Object> singleton(Object part) {
    List<Object> one = new ArrayList<>();
    one.add(part);
    return one;
  }

  private void matches(String at, String pattern, Object actual) {
    try {
      if (!(actual instanceof String text) || !Pattern.compile(pattern).matcher(text).find()) {
        differ(at, "a text that matches " + pattern, actual);
      }
    } catch (PatternSyntaxException wrong) {
      differences.add(at + ": " + pattern + " is no pattern: " + wrong.getMessage());
    }
  }

  private static boolean same(Object wanted, Object actual) {
    if (wanted instanceof Number a && actual instanceof Number b) {
      return number(a).compareTo(number(b)) == 0;
    }
    return wanted == null ? actual == null : wanted.equals(actual);
  }

  private static BigDecimal number(Number number) {
    return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
  }

  private void differ(String at, String wanted, Object actual) {
    differences.add(at + ": expected " + wanted + ", was " + shown(actual));
  }

  private static String described(Object wanted) {
    return wanted instanceof Map<?, ?> map && map.size() == 1 && map.containsKey(ANY)
        ? "anything"
        : shown(wanted);
  }

  /** As compact JSON, bounded. */
  static String shown(Object data) {
    String text = Json.write(Shown.data(data));
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
  }
}
