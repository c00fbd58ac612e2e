package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions of objects. */
final class MapFunctions {
  private MapFunctions() {}

  static List<Object> keys(Arguments a) {
    return new ArrayList<>(a.map(0).keySet());
  }

  static List<Object> values(Arguments a) {
    return new ArrayList<>(a.map(0).values());
  }

  /** All fields; of fields with one name the last, at the place of the first. */
  static Map<String, Object> merge(Arguments a) {
    Map<String, Object> merged = new LinkedHashMap<>();
    for (int i = 0; i < a.size(); i++) {
      a.map(i).forEach((key, value) -> merged.put((String) key, value));
    }
    return merged;
  }

  /** The named fields, in the order of the object. */
  static Map<String, Object> pick(Arguments a) {
    return restricted(a, true);
  }

  /** All but the named fields. */
  static Map<String, Object> omit(Arguments a) {
    return restricted(a, false);
  }

  private static Map<String, Object> restricted(Arguments a, boolean named) {
    Set<Object> names = names(a);
    Map<String, Object> rest = new LinkedHashMap<>();
    a.map(0)
        .forEach(
            (key, value) -> {
              if (names.contains(key) == named) {
                rest.put((String) key, value);
              }
            });
    return rest;
  }

  /** The names behind the object: strings, or one array of strings. */
  private static Set<Object> names(Arguments a) {
    if (a.size() == 2 && a.value(1) instanceof List) {
      for (Object name : a.list(1)) {
        if (!(name instanceof String)) {
          throw a.fault(1, "must hold strings only");
        }
      }
      return new LinkedHashSet<>(a.list(1));
    }
    Set<Object> names = new LinkedHashSet<>();
    for (int i = 1; i < a.size(); i++) {
      names.add(a.text(i));
    }
    return names;
  }
}
