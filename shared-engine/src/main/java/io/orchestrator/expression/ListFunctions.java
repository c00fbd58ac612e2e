package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions of lists; some of them take strings as lists of characters. */
final class ListFunctions {
  private ListFunctions() {}

  static Object size(Arguments a) {
    Object value = a.value(0);
    if (value instanceof List<?> list) {
      return (long) list.size();
    }
    if (value instanceof Map<?, ?> map) {
      return (long) map.size();
    }
    if (value instanceof String) {
      String text = a.text(0);
      return (long) text.codePointCount(0, text.length());
    }
    throw a.needs(0, "a string, an array or an object");
  }

  static Object reverse(Arguments a) {
    if (a.value(0) instanceof String) {
      return new StringBuilder(a.made(a.text(0))).reverse().toString();
    }
    List<Object> reversed = new ArrayList<>(a.list(0));
    Collections.reverse(reversed);
    return reversed;
  }

  /**
   * From an index up to but not including another; negative ones count from the end, beyond the end
   * is the end.
   */
  static Object slice(Arguments a) {
    if (a.value(0) instanceof String) {
      return TextFunctions.substring(a);
    }
    List<?> list = a.list(0);
    int from = bound(a, 1, list.size(), 0);
    int to = bound(a, 2, list.size(), list.size());
    return from < to ? new ArrayList<Object>(list.subList(from, to)) : new ArrayList<>();
  }

  static int bound(Arguments a, int i, int size, int missing) {
    if (!a.has(i)) {
      return missing;
    }
    long index = a.integer(i);
    return (int) Math.clamp(index < 0 ? index + size : index, 0L, size);
  }

  static Object first(Arguments a) {
    List<?> list = a.list(0);
    return list.isEmpty() ? null : list.getFirst();
  }

  static Object last(Arguments a) {
    List<?> list = a.list(0);
    return list.isEmpty() ? null : list.getLast();
  }

  /**
   * {@code range(end)}, {@code range(start, end)}, {@code range(start, end, step)}; the end is
   * excluded.
   */
  static List<Object> range(Arguments a) {
    long start = a.size() == 1 ? 0 : a.integer(0);
    long end = a.integer(a.size() == 1 ? 0 : 1);
    long step = a.has(2) ? a.integer(2) : 1;
    if (step == 0) {
      throw a.fault(2, "must not be 0");
    }
    long size = Math.max(0, Math.ceilDiv(end - start, step));
    a.evaluation().count(size);
    List<Object> range = new ArrayList<>((int) size);
    for (long i = 0; i < size; i++) {
      range.add(start + i * step);
    }
    return range;
  }

  /** The first of each group of equal elements. */
  static List<Object> distinct(Arguments a) {
    Set<String> seen = new HashSet<>();
    List<Object> distinct = new ArrayList<>();
    for (Object element : a.list(0)) {
      Values.countAll(element, a.evaluation());
      if (seen.add(Json.canonical(element))) {
        distinct.add(element);
      }
    }
    return distinct;
  }

  static Object sum(Arguments a) {
    Object sum = 0L;
    for (Object element : a.list(0)) {
      if (!Numbers.isNumber(element)) {
        throw a.fault(0, "holds " + Values.describe(element) + " among its numbers");
      }
      sum = a.evaluation().arithmetic(a.call(), Operator.PLUS, sum, element);
    }
    return sum;
  }

  /** The least (-1) or greatest (1) element of a list or of the arguments; null of nothing. */
  static Object extreme(Arguments a, int sign) {
    List<?> elements = a.size() == 1 ? a.list(0) : a.values();
    Object extreme = null;
    for (int i = 0; i < elements.size(); i++) {
      Object element = elements.get(i);
      if (!Values.areOrdered(elements.getFirst(), element)) {
        String mixed =
            i == 0 || element == null ? Values.describe(element) : "values of mixed types";
        throw a.size() == 1
            ? a.fault(0, "holds " + mixed)
            : a.needs(i, "numbers only or strings only");
      }
      if (i == 0 || Values.compare(element, extreme) * sign > 0) {
        extreme = element;
      }
    }
    return extreme;
  }
}
