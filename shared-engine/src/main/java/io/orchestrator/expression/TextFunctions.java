package io.orchestrator.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The functions of strings; they count in characters (code points), never in halves of them. */
final class TextFunctions {
  private TextFunctions() {}

  static String lower(Arguments a) {
    return a.made(a.text(0).toLowerCase(Locale.ROOT));
  }

  static String upper(Arguments a) {
    return a.made(a.text(0).toUpperCase(Locale.ROOT));
  }

  static String trim(Arguments a) {
    return a.made(a.text(0).strip());
  }

  /**
   * The parts between the separators, the empty ones too; an empty separator splits into
   * characters.
   */
  static List<Object> split(Arguments a) {
    String text = a.text(0);
    String separator = a.text(1);
    List<Object> parts = new ArrayList<>();
    if (separator.isEmpty()) {
      a.evaluation().count(text.length());
      text.codePoints().forEach(c -> parts.add(Character.toString(c)));
      return parts;
    }
    int start = 0;
    for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
      a.evaluation().count(1);
      parts.add(text.substring(start, end));
      start = end + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  static String join(Arguments a) {
    List<?> parts = a.list(0);
    String separator = a.has(1) ? a.text(1) : "";
    long length = 0;
    for (Object part : parts) {
      if (!(part instanceof String text)) {
        throw a.fault(
            0,
            "must hold strings only, not "
                + Values.describe(part)
                + "; write `.map(x, string(x))`");
      }
      length += text.length() + (long) separator.length();
    }
    a.evaluation().made(a.call(), length);
    StringBuilder joined = new StringBuilder((int) length);
    for (int i = 0; i < parts.size(); i++) {
      joined.append(i > 0 ? separator : "").append(parts.get(i));
    }
    return joined.toString();
  }

  /** All occurrences of a text by another one. */
  static String replace(Arguments a) {
    String text = a.text(0);
    String old = a.text(1);
    String fresh = a.text(2);
    if (old.isEmpty()) {
      throw a.fault(1, "must not be empty");
    }
    long length = text.length();
    for (int at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + old.length())) {
      length += fresh.length() - old.length();
    }
    a.evaluation().made(a.call(), length);
    return text.replace(old, fresh);
  }

  /** From an index up to but not including another, as {@code slice} counts. */
  static String substring(Arguments a) {
    String text = a.text(0);
    int size = text.codePointCount(0, text.length());
    int from = ListFunctions.bound(a, 1, size, 0);
    int to = ListFunctions.bound(a, 2, size, size);
    return from < to
        ? text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to))
        : "";
  }

  static String base64(Arguments a) {
    return a.made(Base64.getEncoder().encodeToString(a.text(0).getBytes(StandardCharsets.UTF_8)));
  }
}
