package io.orchestrator.flow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of the language and the shapes of names. */
final class Words {
  /** Every kind key, those that are not supported yet too. */
  static final Set<String> KINDS =
      Set.of(
          "adapter",
          "use",
          "flow",
          "parallel",
          "conditional",
          "if",
          "switch",
          "foreach",
          "repeat",
          "do",
          "wait",
          "await",
          "approve",
          "set",
          "assert",
          "emit",
          "raise",
          "return");

  /** What an expression can name beside steps. */
  static final List<String> ROOTS =
      List.of(
          "input",
          "vars",
          "trigger",
          "error",
          "item",
          "index",
          "event",
          "callback",
          "result",
          "output",
          "execution",
          "flow",
          "steps");

  /** What no step may be called. */
  static final Set<String> RESERVED = reserved();

  /** The types of errors that the product itself makes. */
  static final List<String> ERROR_TYPES =
      List.of(
          "validation",
          "expression",
          "authentication",
          "forbidden",
          "not_found",
          "conflict",
          "timeout",
          "rate_limited",
          "adapter_error",
          "adapter_unavailable",
          "circuit_open",
          "assertion",
          "budget_exceeded",
          "payload_too_large",
          "interrupted",
          "cancelled",
          "internal");

  static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  private Words() {}

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** A bare name may also be {@code adapter.action}. */
  static boolean isBareName(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? isName(text)
        : isName(text.substring(0, dot)) && isName(text.substring(dot + 1));
  }

  /** The id that a name gives: every other character is an underscore. */
  static String idFrom(String name) {
    StringBuilder id = new StringBuilder(name.length());
    for (int i = 0; i < name.length() && id.length() < 63; i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      boolean later = c >= '0' && c <= '9';
      if (id.isEmpty() && !letter) {
        id.append("s_");
      }
      id.append(letter || later ? c : '_');
    }
    return id.isEmpty() ? "step" : id.substring(0, Math.min(63, id.length()));
  }

  private static Set<String> reserved() {
    Set<String> words = new HashSet<>(KINDS);
    words.addAll(ROOTS);
    words.addAll(List.of("with", "catch", "response", "params"));
    return Set.copyOf(words);
  }
}
