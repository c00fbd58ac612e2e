package io.orchestrator.expression;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Counts the bytes of data as compact JSON without writing it, and no further than asked. */
@SuppressWarnings("IfChainToSwitch") // a pattern switch links at run time, which costs a cold start
final class JsonSize {
  /** The size of what is nested too deep. */
  static final long TOO_DEEP = -1;

  private final long max;
  private final int depthMax;
  private long bytes;
  private boolean tooDeep;

  private JsonSize(long max, int depthMax) {
    this.max = max;
    this.depthMax = depthMax;
  }

  /** The bytes, or any number above {@code max}, or {@link #TOO_DEEP}. */
  static long bytes(Object value, long max, int depthMax) {
    JsonSize size = new JsonSize(max, depthMax);
    size.add(value, 0);
    return size.tooDeep ? TOO_DEEP : size.bytes;
  }

  private void add(Object value, int depth) {
    if (value instanceof String text) {
      string(text);
    } else if (value instanceof Map<?, ?> map) {
      object(map, depth + 1);
    } else if (value instanceof List<?> list) {
      array(list, depth + 1);
    } else if (value == null) {
      bytes += 4;
    } else if (value instanceof Long number) {
      bytes += digits(number);
    } else if (value instanceof BigDecimal number) {
      bytes += number.toString().length();
    } else if (value instanceof Boolean truth) {
      bytes += truth ? 4 : 5;
    } else if (value instanceof Secret secret) {
      bytes += "{\"secret\":}".length();
      string(secret.name());
    } else {
      throw new IllegalArgumentException(value.getClass().getName() + " is not a type of data");
    }
  }

  private boolean ends(int depth) {
    tooDeep |= depth > depthMax;
    return tooDeep || bytes > max;
  }

  private void object(Map<?, ?> map, int depth) {
    bytes += 1 + Math.max(1, map.size() * 2L);
    if (ends(depth)) {
      return;
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (ends(depth)) {
        return;
      }
      string((String) entry.getKey());
      add(entry.getValue(), depth);
    }
  }

  private void array(List<?> list, int depth) {
    bytes += 1 + Math.max(1, list.size());
    if (ends(depth)) {
      return;
    }
    for (Object element : list) {
      if (ends(depth)) {
        return;
      }
      add(element, depth);
    }
  }

  private void string(String text) {
    bytes += 2;
    for (int i = 0; i < text.length(); i++) {
      bytes += width(text.charAt(i));
    }
  }

  private static int width(char c) {
    if (c < ' ') {
      return c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f' ? 2 : 6;
    }
    if (c < 0x80) {
      return c == '"' || c == '\\' ? 2 : 1;
    }
    // Each half of a surrogate pair counts as two of the pair's four bytes.
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  private static int digits(long number) {
    if (number == Long.MIN_VALUE) {
      return 20;
    }
    int digits = number < 0 ? 2 : 1;
    for (long rest = Math.abs(number); rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
