package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each macro does with the elements of its list. */
final class Loops {
  private Loops() {}

  static Object run(Node.Loop loop, List<?> elements, Evaluation e) {
    return switch (loop.macro()) {
      case MAP -> map(loop, elements, e);
      case FILTER -> filter(loop, elements, e);
      case ALL -> count(loop, elements, e, false, 1) == 0;
      case EXISTS -> count(loop, elements, e, true, 1) == 1;
      case EXISTS_ONE -> count(loop, elements, e, true, 2) == 1;
      case FLAT_MAP -> flatMap(loop, elements, e);
      case SORT_BY -> sortBy(loop, elements, e);
      case GROUP_BY -> groupBy(loop, elements, e);
      case TO_MAP -> toMap(loop, elements, e);
    };
  }

  private static Object body(Node.Loop loop, int body, Object element, Evaluation e) {
    e.bind(loop.slot(), element);
    return e.value(loop.bodies().get(body));
  }

  private static boolean holds(Node.Loop loop, Object element, Evaluation e) {
    e.bind(loop.slot(), element);
    return e.holds(loop.bodies().getFirst());
  }

  /** {@code map(x, value)}, or {@code map(x, condition, value)}. */
  private static List<Object> map(Node.Loop loop, List<?> elements, Evaluation e) {
    boolean filtered = loop.bodies().size() == 2;
    List<Object> mapped = new ArrayList<>(elements.size());
    for (Object element : elements) {
      if (!filtered || holds(loop, element, e)) {
        mapped.add(body(loop, filtered ? 1 : 0, element, e));
      }
    }
    return mapped;
  }

  private static List<Object> filter(Node.Loop loop, List<?> elements, Evaluation e) {
    List<Object> kept = new ArrayList<>();
    for (Object element : elements) {
      if (holds(loop, element, e)) {
        kept.add(element);
      }
    }
    return kept;
  }

  /** How many elements have that truth, counted no further than {@code most}. */
  private static int count(
      Node.Loop loop, List<?> elements, Evaluation e, boolean truth, int most) {
    int count = 0;
    for (Object element : elements) {
      if (holds(loop, element, e) == truth && ++count == most) {
        return count;
      }
    }
    return count;
  }

  private static List<Object> flatMap(Node.Loop loop, List<?> elements, Evaluation e) {
    List<Object> flat = new ArrayList<>();
    for (Object element : elements) {
      Object part = body(loop, 0, element, e);
      if (!(part instanceof List<?> list)) {
        Node body = loop.bodies().getFirst();
        throw e.error(body, "`flat_map` needs an array for each element: " + e.told(body, part));
      }
      e.count(list.size());
      flat.addAll(list);
    }
    return flat;
  }

  /** Ascending and stable. */
  private static List<Object> sortBy(Node.Loop loop, List<?> elements, Evaluation e) {
    record Keyed(Object key, Object element) {}
    List<Keyed> keyed = new ArrayList<>(elements.size());
    Node body = loop.bodies().getFirst();
    for (Object element : elements) {
      Object key = body(loop, 0, element, e);
      Object first = keyed.isEmpty() ? key : keyed.getFirst().key();
      if (!Values.areOrdered(first, key)) {
        String rule = "`sort_by` needs keys that are all numbers or all strings: ";
        String hint =
            key == null ? "; give a default with `??`" : " after " + Values.describe(first);
        throw e.error(body, rule + e.told(body, key) + hint);
      }
      keyed.add(new Keyed(key, element));
    }
    keyed.sort(
        (a, b) -> {
          e.count(1);
          return Values.compare(a.key(), b.key());
        });
    List<Object> sorted = new ArrayList<>(keyed.size());
    for (Keyed each : keyed) {
      sorted.add(each.element());
    }
    return sorted;
  }

  private static Map<String, Object> groupBy(Node.Loop loop, List<?> elements, Evaluation e) {
    Map<String, List<Object>> groups = new LinkedHashMap<>();
    for (Object element : elements) {
      groups.computeIfAbsent(key(loop, element, e), _ -> new ArrayList<>()).add(element);
    }
    return new LinkedHashMap<>(groups);
  }

  /**
   * {@code to_map(x, key)} or {@code to_map(x, key, value)}; of equal keys the last stays, at the
   * first one's place.
   */
  private static Map<String, Object> toMap(Node.Loop loop, List<?> elements, Evaluation e) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Object element : elements) {
      String key = key(loop, element, e);
      map.put(key, loop.bodies().size() == 2 ? body(loop, 1, element, e) : element);
    }
    return map;
  }

  private static String key(Node.Loop loop, Object element, Evaluation e) {
    Object key = body(loop, 0, element, e);
    if (key instanceof String text) {
      return text;
    }
    Node body = loop.bodies().getFirst();
    String hint = Numbers.isNumber(key) || key instanceof Boolean ? "; write `string(...)`" : "";
    throw e.error(
        body, "`" + loop.macro().text() + "` needs strings as keys: " + e.told(body, key) + hint);
  }
}
