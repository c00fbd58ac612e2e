package io.orchestrator.expression;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes data as compact JSON. */
@SuppressWarnings(
    "IfChainToSwitch") // the hottest code of a commit; a pattern switch is slower and links at run
// time
final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonWriter() {}

  static void write(Object value, StringBuilder out) {
    write(value, out, false, 0);
  }

  static void canonical(Object value, StringBuilder out) {
    write(value, out, true, 0);
  }

  private static void write(Object value, StringBuilder out, boolean canonical, int depth) {
    if (value instanceof String text) {
      string(text, out);
    } else if (value instanceof Map<?, ?> map) {
      object(canonical ? sorted(map) : map, out, canonical, deeper(depth));
    } else if (value == null) {
      out.append("null");
    } else if (value instanceof Long number) {
      out.append(number.longValue());
    } else if (value instanceof Boolean truth) {
      out.append(truth.booleanValue());
    } else if (value instanceof List<?> list) {
      array(list, out, canonical, deeper(depth));
    } else if (value instanceof BigDecimal number) {
      number(number, out, canonical);
    } else if (value instanceof Secret secret) {
      out.append("{\"secret\":");
      string(secret.name(), out);
      out.append('}');
    } else {
      throw new IllegalArgumentException(value.getClass().getName() + " is not a type of data");
    }
  }

  private static int deeper(int depth) {
    if (depth >= Limits.STORED_DEPTH_MAX) {
      throw new IllegalArgumentException("data is nested deeper than " + Limits.STORED_DEPTH_MAX);
    }
    return depth + 1;
  }

  private static void object(Map<?, ?> map, StringBuilder out, boolean canonical, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      string((String) entry.getKey(), out);
      out.append(':');
      write(entry.getValue(), out, canonical, depth);
    }
    out.append('}');
  }

  private static Map<Object, Object> sorted(Map<?, ?> map) {
    return new TreeMap<>(map);
  }

  private static void array(List<?> list, StringBuilder out, boolean canonical, int depth) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(list.get(i), out, canonical, depth);
    }
    out.append(']');
  }

  private static void number(BigDecimal number, StringBuilder out, boolean canonical) {
    try {
      Numbers.checkRange(number);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (!canonical) {
      out.append(number);
      return;
    }
    BigDecimal stripped = number.stripTrailingZeros();
    boolean short_ =
        stripped.scale() <= 0
            && stripped.precision() - stripped.scale() <= Limits.NUMBER_DIGITS_MAX;
    out.append(short_ ? stripped.toPlainString() : stripped.toString());
  }

  static void string(String text, StringBuilder out) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && c < Character.MIN_SURROGATE) {
        continue;
      }
      if (c > Character.MAX_SURROGATE) {
        continue;
      }
      if (c >= Character.MIN_SURROGATE) {
        refuseLone(text, i);
        continue;
      }
      out.append(text, done, i);
      escape(c, out);
      done = i + 1;
    }
    out.append(text, done, text.length()).append('"');
  }

  private static void refuseLone(String text, int i) {
    char c = text.charAt(i);
    boolean pair =
        Character.isHighSurrogate(c)
            ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
            : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    if (!pair) {
      throw new IllegalArgumentException("a string holds half of a surrogate pair");
    }
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case 0 -> throw new IllegalArgumentException("a string holds the character NUL");
      default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
    }
  }
}
