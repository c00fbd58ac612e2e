package io.orchestrator.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The pieces of which the schema of the language is made: JSON Schema (2020-12) as plain data. */
final class Shapes {
  private static final String NOTHING = "^P(?:0+D)?(?:T(?:0+H)?(?:0+M)?(?:0+(?:\\.0+)?S)?)?$";

  /** Anything at all. */
  static final Map<String, Object> ANY = Map.of();

  static final Map<String, Object> TEXT = Map.of("type", "string");
  static final Map<String, Object> TRUTH = Map.of("type", "boolean");
  static final Map<String, Object> NAME = matching(Words.NAME);
  static final Map<String, Object> ID = matching(Words.ID);

  /** The id of something that is no word of the language. */
  static final Map<String, Object> FREE_ID =
      Map.of(
          "type",
          "string",
          "pattern",
          ID.get("pattern"),
          "not",
          words(new TreeSet<>(Words.RESERVED)));

  /** A text that is one expression. */
  static final Map<String, Object> COMPUTED = Map.of("type", "string", "pattern", "^[$]");

  /** A text with expressions in it. */
  static final Map<String, Object> FILLED = Map.of("type", "string", "pattern", "[$]");

  /** What a text that is wholly an expression may look like in YAML: true and 5 are some, too. */
  static final Map<String, Object> EXPRESSION =
      Map.of("type", List.of("string", "number", "boolean"));

  /** An expression, or a map with expressions in it. */
  static final Map<String, Object> FILLED_MAP = either(Map.of("type", "object"), COMPUTED);

  /** A duration that is written out. */
  static final Map<String, Object> DURATION = matching(duration(true, FlowLimits.WAIT_MAX));

  /** A duration that is written out and longer than nothing. */
  static final Map<String, Object> LENGTH = length(FlowLimits.WAIT_MAX);

  /** A duration that is longer than nothing, or an expression that gives one. */
  static final Map<String, Object> SPAN = either(LENGTH, COMPUTED);

  /** A duration, which may be none at all, or an expression that gives one. */
  static final Map<String, Object> DELAY = either(DURATION, COMPUTED);

  private Shapes() {}

  /**
   * A key of a map.
   *
   * @param needed whether it must be there
   */
  record Key(String name, Map<String, Object> shape, boolean needed) {}

  static Key key(String name, Map<String, Object> shape) {
    return new Key(name, shape, false);
  }

  static Key need(String name, Map<String, Object> shape) {
    return new Key(name, shape, true);
  }

  /** A map with these keys and no other. */
  static Map<String, Object> map(Key... keys) {
    return map(List.of(keys));
  }

  static Map<String, Object> map(Collection<Key> keys) {
    Map<String, Object> properties = new LinkedHashMap<>();
    keys.forEach(key -> properties.put(key.name(), key.shape()));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", "object");
    map.put("properties", properties);
    List<Object> needed = new ArrayList<>();
    keys.stream().filter(Key::needed).forEach(key -> needed.add(key.name()));
    if (!needed.isEmpty()) {
      map.put("required", needed);
    }
    map.put("additionalProperties", false);
    return map;
  }

  /** A map from such names to such values. */
  static Map<String, Object> mapOf(Map<String, Object> names, Map<String, Object> values, int min) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", "object");
    map.put("propertyNames", names);
    map.put("additionalProperties", values);
    map.put("minProperties", (long) min);
    return map;
  }

  /** A list of these, at least so many. */
  static Map<String, Object> list(Map<String, Object> items, int min) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("type", "array");
    list.put("items", items);
    if (min > 0) {
      list.put("minItems", (long) min);
    }
    return list;
  }

  /** One of these, or a list of them. */
  static Map<String, Object> oneOrMore(Map<String, Object> shape, int min) {
    return either(shape, list(shape, min));
  }

  static Map<String, Object> either(Map<String, Object> one, Map<String, Object> other) {
    return either(List.of(one, other));
  }

  static Map<String, Object> either(
      Map<String, Object> one, Map<String, Object> other, Map<String, Object> third) {
    return either(List.of(one, other, third));
  }

  static Map<String, Object> either(List<Map<String, Object>> shapes) {
    return Map.of("anyOf", new ArrayList<Object>(shapes));
  }

  /** The shape of that name among the definitions of the schema. */
  static Map<String, Object> ref(String name) {
    return Map.of("$ref", "#/$defs/" + name);
  }

  static Map<String, Object> words(Collection<String> words) {
    return Map.of("enum", new ArrayList<Object>(words));
  }

  /** The constants of an enumeration, in lower case. */
  static Map<String, Object> words(Class<? extends Enum<?>> type) {
    return words(
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList());
  }

  static Map<String, Object> only(Object value) {
    return Map.of("const", value);
  }

  static Map<String, Object> whole(long min, long max) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("type", "integer");
    whole.put("minimum", min);
    if (max < Long.MAX_VALUE) {
      whole.put("maximum", max);
    }
    return whole;
  }

  /** A text of that shape. */
  static Map<String, Object> matching(Pattern pattern) {
    return matching(pattern.pattern());
  }

  /** A text that is wholly of the shape that a regular expression describes. */
  static Map<String, Object> matching(String regex) {
    return Map.of("type", "string", "pattern", "^(?:" + regex + ")$");
  }

  /** A duration that is written out, longer than nothing and at most that long. */
  static Map<String, Object> length(Duration max) {
    Map<String, Object> length = new LinkedHashMap<>(matching(duration(false, max)));
    length.put("not", Map.of("pattern", NOTHING));
    return length;
  }

  private static String duration(boolean orNothing, Duration max) {
    StringBuilder shape = new StringBuilder();
    shape.append(unit(max.toMillis(), "ms")).append(unit(max.toSeconds(), "s"));
    shape.append(unit(max.toMinutes(), "m")).append(unit(max.toHours(), "h"));
    shape.append(unit(max.toDays(), "d"));
    shape.append(
        Durations.iso(
            orNothing(max.toDays()),
            orNothing(max.toHours()),
            orNothing(max.toMinutes()),
            orNothing(max.toSeconds())));
    return orNothing ? shape + "|0{1,12}(?:ms|s|m|h|d)" : shape.toString();
  }

  /** That many of a unit; of one that is longer than the maximum, none. */
  private static String unit(long max, String unit) {
    return max == 0 ? "" : number(max) + unit + "|";
  }

  private static String orNothing(long max) {
    return "(?:0{1,9}|" + number(max) + ")";
  }

  /** A number from 1 to the given one, as a regular expression. */
  static String number(long max) {
    String digits = Long.toString(max);
    List<String> shapes = new ArrayList<>();
    if (digits.length() > 1) {
      shapes.add("[1-9][0-9]{0," + (digits.length() - 2) + "}");
    }
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      char least = i == 0 ? '1' : '0';
      int rest = digits.length() - i - 1;
      if (digit > least) {
        String lower = "[" + least + "-" + (char) (digit - 1) + "]";
        shapes.add(digits.substring(0, i) + lower + (rest > 0 ? "[0-9]{" + rest + "}" : ""));
      }
    }
    shapes.add(digits);
    return "0*(?:" + String.join("|", shapes) + ")";
  }
}
