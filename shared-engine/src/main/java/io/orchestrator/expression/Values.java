package io.orchestrator.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Comparing data, and naming its types. */
@SuppressWarnings("IfChainToSwitch") // a pattern switch links at run time, which costs a cold start
final class Values {
  private Values() {}

  /** The JSON type's name. */
  static String type(Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof String) {
      return "string";
    } else if (value instanceof Long || value instanceof BigDecimal) {
      return "number";
    } else if (value instanceof Boolean) {
      return "boolean";
    } else if (value instanceof List) {
      return "array";
    } else if (value instanceof Map) {
      return "object";
    }
    return "secret";
  }

  static String describe(Object value) {
    String type = type(value);
    return switch (type) {
      case "null" -> type;
      case "array", "object" -> "an " + type;
      default -> "a " + type;
    };
  }

  /**
   * Whether two values are the same data: 1 is 1.0, the order of keys does not count, nothing is
   * converted.
   */
  static boolean equal(Object a, Object b, Evaluation e) {
    if (a == null || b == null) {
      return a == null && b == null;
    }
    if (a instanceof String || a instanceof Boolean || a instanceof Secret) {
      return a.equals(b);
    }
    if (Numbers.isNumber(a)) {
      return Numbers.isNumber(b) && Numbers.compare(a, b) == 0;
    }
    if (a instanceof List<?> x) {
      return b instanceof List<?> y && equalLists(x, y, e);
    }
    return a instanceof Map<?, ?> x && b instanceof Map<?, ?> y && equalMaps(x, y, e);
  }

  private static boolean equalLists(List<?> a, List<?> b, Evaluation e) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      e.count(1);
      if (!equal(a.get(i), b.get(i), e)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b, Evaluation e) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      e.count(1);
      Object other = b.get(entry.getKey());
      if (other == null && !b.containsKey(entry.getKey())) {
        return false;
      }
      if (!equal(entry.getValue(), other, e)) {
        return false;
      }
    }
    return true;
  }

  static boolean contains(List<?> list, Object element, Evaluation e) {
    for (Object candidate : list) {
      e.count(1);
      if (equal(candidate, element, e)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is an order between the two: numbers, strings or booleans, not mixed. */
  static boolean areOrdered(Object a, Object b) {
    return (Numbers.isNumber(a) && Numbers.isNumber(b))
        || (a instanceof String && b instanceof String)
        || (a instanceof Boolean && b instanceof Boolean);
  }

  /** The order of two values for which {@link #areOrdered} holds. */
  static int compare(Object a, Object b) {
    if (a instanceof String x) {
      return Texts.compare(x, (String) b);
    }
    return a instanceof Boolean x ? x.compareTo((Boolean) b) : Numbers.compare(a, b);
  }

  static List<Object> joined(List<?> a, List<?> b, Evaluation e) {
    e.count(a.size() + (long) b.size());
    List<Object> joined = new ArrayList<>(a.size() + b.size());
    joined.addAll(a);
    joined.addAll(b);
    return joined;
  }

  /**
   * As {@code ${ }} shows it: a string as it is, null as nothing, everything else as compact JSON.
   */
  static String text(Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof String text ? text : Json.write(value);
  }

  /** Pays for every part of the value. */
  static void countAll(Object value, Evaluation e) {
    e.count(1);
    if (value instanceof List<?> list) {
      for (Object element : list) {
        countAll(element, e);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Object element : map.values()) {
        countAll(element, e);
      }
    } else if (value instanceof String text) {
      e.read(text);
    }
  }
}
