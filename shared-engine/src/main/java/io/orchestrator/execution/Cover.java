package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.MaskPath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Covers what nobody may see in data: what stands at given paths, and wherever else the same values
 * appear, within texts too. Values of fewer than four characters are covered at their paths alone:
 * they would be found everywhere. Pure.
 */
final class Cover {
  /** Stands for what is covered. */
  static final String MARK = "***";

  private static final int CHARS_MIN = 4;
  private static final int VALUES_MAX = 1_000;

  /** What a rule finds may be anything, so that shorter values are not looked for elsewhere. */
  private static final int CHARS_MIN_BY_RULE = 8;

  private final MaskRules rules;
  private final Set<String> values;
  private List<String> longestFirst;

  Cover(MaskRules rules) {
    this(rules, new LinkedHashSet<>());
  }

  private Cover(MaskRules rules, Set<String> values) {
    this.rules = rules;
    this.values = values;
  }

  /** The same values by other rules. */
  Cover by(MaskRules others) {
    return new Cover(others, values);
  }

  /** Whatever the rules of the deployment find is to be covered everywhere. */
  void learnByRule(Object data) {
    switch (data) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                if (rules.covers((String) key, value)) {
                  learnAll(value);
                } else {
                  learnByRule(value);
                }
              });
      case List<?> list -> list.forEach(this::learnByRule);
      case String text -> rules.each(text, (shape, found) -> add(found));
      case null, default -> {}
    }
  }

  private void learnAll(Object data) {
    switch (data) {
      case Map<?, ?> map -> map.values().forEach(this::learnAll);
      case List<?> list -> list.forEach(this::learnAll);
      case String text when text.length() >= CHARS_MIN_BY_RULE -> add(text);
      case Long number when text(number).length() >= CHARS_MIN_BY_RULE -> add(text(number));
      case null, default -> {}
    }
  }

  /** Whatever stands at the paths is to be covered everywhere. */
  void learn(Object data, List<List<String>> paths) {
    if (paths.isEmpty()) {
      return;
    }
    if (paths.stream().anyMatch(List::isEmpty)) {
      learn(data);
      return;
    }
    switch (data) {
      case Map<?, ?> map -> map.forEach((key, value) -> learn(value, below(paths, (String) key)));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          learn(list.get(i), below(paths, i));
        }
      }
      case null, default -> {}
    }
  }

  private void learn(Object data) {
    switch (data) {
      case Map<?, ?> map -> map.values().forEach(this::learn);
      case List<?> list -> list.forEach(this::learn);
      case String text -> add(text);
      case Long number -> add(text(number));
      case BigDecimal number -> add(text(number));
      case null, default -> {}
    }
  }

  private void add(String value) {
    if (value.length() >= CHARS_MIN && values.size() < VALUES_MAX && values.add(value)) {
      longestFirst = null;
    }
  }

  private static String text(Object number) {
    return number instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(number);
  }

  private static List<List<String>> below(List<List<String>> paths, String key) {
    List<List<String>> below = new ArrayList<>(0);
    for (List<String> path : paths) {
      if (path.getFirst().equals(key) || path.getFirst().equals(MaskPath.ANY)) {
        below.add(path.subList(1, path.size()));
      }
    }
    return below;
  }

  /** A path that names no item goes on in all of them. */
  private static List<List<String>> below(List<List<String>> paths, int item) {
    List<List<String>> below = new ArrayList<>(0);
    for (List<String> path : paths) {
      String head = path.getFirst();
      if (head.equals(MaskPath.ANY) || head.equals(Integer.toString(item))) {
        below.add(path.subList(1, path.size()));
      } else if (!head.chars().allMatch(Character::isDigit)) {
        below.add(path);
      }
    }
    return below;
  }

  /**
   * The data with all that is to be covered replaced.
   *
   * @param pointer where the data stands (RFC 6901)
   * @param hidden takes what was replaced, by pointer
   */
  Object over(Object data, List<List<String>> paths, String pointer, Map<String, Object> hidden) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      hidden.put(pointer, data);
      return MARK;
    }
    return switch (data) {
      case Map<?, ?> map -> {
        Map<String, Object> shown = new LinkedHashMap<>();
        map.forEach(
            (key, value) ->
                shown.put((String) key, entry((String) key, value, paths, pointer, hidden)));
        yield shown;
      }
      case List<?> list -> {
        List<Object> shown = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
          shown.add(over(list.get(i), below(paths, i), pointer + "/" + i, hidden));
        }
        yield shown;
      }
      case String text -> {
        String shown = over(text);
        if (!shown.equals(text)) {
          hidden.put(pointer, text);
        }
        yield shown;
      }
      case Long number -> number(number, pointer, hidden);
      case BigDecimal number -> number(number, pointer, hidden);
      case null -> null;
      default -> data;
    };
  }

  private Object entry(
      String key,
      Object value,
      List<List<String>> paths,
      String pointer,
      Map<String, Object> hidden) {
    String at = child(pointer, key);
    if (rules.covers(key, value)) {
      hidden.put(at, value);
      return MARK;
    }
    return over(value, below(paths, key), at, hidden);
  }

  private Object number(Object number, String pointer, Map<String, Object> hidden) {
    if (!values.contains(text(number)) && !rules.isIn(text(number))) {
      return number;
    }
    hidden.put(pointer, number);
    return MARK;
  }

  /** The text with every value in it replaced, the longest first. */
  String over(String text) {
    if (longestFirst == null) {
      longestFirst =
          values.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    }
    String shown = text;
    for (String value : longestFirst) {
      shown = shown.replace(value, MARK);
    }
    return rules.over(shown);
  }

  /** Compact JSON with every value in it replaced. */
  String overJson(String json) {
    return Json.write(over(Json.readStored(json), List.of(), "", new LinkedHashMap<>()));
  }

  private static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  /** Puts back what was replaced, into data whose maps and lists may be changed. */
  static void lift(Object data, Map<String, Object> hidden) {
    hidden.forEach((pointer, value) -> put(data, pointer, value));
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  private static void put(Object data, String pointer, Object value) {
    String[] keys = pointer.substring(1).split("/", -1);
    Object at = data;
    for (int i = 0; i < keys.length; i++) {
      String key = keys[i].replace("~1", "/").replace("~0", "~");
      boolean last = i == keys.length - 1;
      switch (at) {
        case Map<?, ?> map when last -> ((Map<String, Object>) map).put(key, value);
        case Map<?, ?> map -> at = map.get(key);
        case List<?> list when last -> ((List<Object>) list).set(Integer.parseInt(key), value);
        case List<?> list -> at = list.get(Integer.parseInt(key));
        case null, default ->
            throw new IllegalStateException("there is nothing at " + pointer + " to be uncovered");
      }
    }
  }
}
