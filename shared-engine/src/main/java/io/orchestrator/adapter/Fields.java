package io.orchestrator.adapter;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Secret;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Durations;
import io.orchestrator.flow.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** One map of a definition, read key by key; what is wrong is noted and read as absent. */
final class Fields {
  private static final Pattern SECRET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

  private final Map<String, Object> map;
  private final String path;
  private final List<Problem> problems;

  Fields(Map<String, Object> map, String path, List<Problem> problems) {
    this.map = map;
    this.path = path;
    this.problems = problems;
  }

  /** A map whose keys are known to be strings. */
  static Map<String, Object> strings(Map<?, ?> map) {
    Map<String, Object> strings = new LinkedHashMap<>();
    map.forEach((key, value) -> strings.put(String.valueOf(key), value));
    return strings;
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  Object get(String key) {
    return map.get(key);
  }

  Set<String> keys() {
    return map.keySet();
  }

  /** Where a key stands, as a pointer. */
  String at(String key) {
    return path + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  void problem(Code code, String key, String message, String hint) {
    add(new Problem(code.text(), key.isEmpty() ? path : at(key), 0, 0, message, hint));
  }

  void add(Problem problem) {
    if (problems.size() < Limits.PROBLEMS_MAX) {
      problems.add(problem);
    }
  }

  void only(Set<String> known) {
    for (String key : map.keySet()) {
      if (!known.contains(key)) {
        String near = Nearest.hint(key, known);
        problem(
            Code.UNKNOWN_KEY,
            key,
            "unknown key " + key,
            near.isEmpty() ? "the keys here are " + String.join(", ", sorted(known)) : near);
      }
    }
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }

  String text(String key) {
    return typed(key, String.class, "a text");
  }

  Boolean flag(String key) {
    return typed(key, Boolean.class, "true or false");
  }

  List<?> list(String key) {
    return typed(key, List.class, "a list");
  }

  Fields map(String key) {
    Map<?, ?> value = typed(key, Map.class, "a map");
    return value == null ? null : new Fields(strings(value), at(key), problems);
  }

  /** A map in a list. */
  Fields element(String key, int index) {
    if (get(key) instanceof List<?> list && list.get(index) instanceof Map<?, ?> value) {
      return new Fields(strings(value), at(key) + "/" + index, problems);
    }
    problem(Code.WRONG_TYPE, key, "every one of " + key + " must be a map", "");
    return null;
  }

  private <T> T typed(String key, Class<T> type, String wanted) {
    Object value = map.get(key);
    if (value == null || type.isInstance(value)) {
      return type.cast(value);
    }
    problem(Code.WRONG_TYPE, key, key + " must be " + wanted, "");
    return null;
  }

  /** A text that another reader understands; its complaint becomes the problem. */
  <T> T parsed(String key, Function<String, T> reader) {
    String text = text(key);
    try {
      return text == null ? null : reader.apply(text);
    } catch (IllegalArgumentException complaint) {
      problem(Code.BAD_VALUE, key, complaint.getMessage(), "");
      return null;
    }
  }

  Duration timeout(String key) {
    if (!has(key)) {
      return null;
    }
    Duration timeout = get(key) instanceof String text ? Durations.parse(text) : null;
    if (timeout == null || timeout.isZero()) {
      problem(Code.BAD_DURATION, key, key + " must be a duration", "write 300ms, 10s, 2m or PT10S");
      return null;
    }
    if (timeout.compareTo(Limits.TIMEOUT_MAX) > 0) {
      String hint = "let the service call back and use await";
      problem(
          Code.BAD_DURATION,
          key,
          key + " must be at most " + Limits.TIMEOUT_MAX.toSeconds() + " s",
          hint);
      return null;
    }
    return timeout;
  }

  /** A whole number within bounds. */
  Long whole(String key, long least, long most) {
    if (!has(key)) {
      return null;
    }
    if (get(key) instanceof Long number && number >= least && number <= most) {
      return number;
    }
    problem(Code.BAD_VALUE, key, key + " must be a whole number from " + least + " to " + most, "");
    return null;
  }

  /** A duration within bounds. */
  Duration duration(String key, Duration least, Duration most) {
    if (!has(key)) {
      return null;
    }
    Duration duration = get(key) instanceof String text ? Durations.parse(text) : null;
    if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      String bounds = "a duration from " + shown(least) + " to " + shown(most);
      problem(Code.BAD_DURATION, key, key + " must be " + bounds, "write 300ms, 10s, 2m or PT10S");
      return null;
    }
    return duration;
  }

  private static String shown(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  /** Another map in the place of this one, whose problems are reported here. */
  Fields with(Map<String, Object> other) {
    return new Fields(other, path, problems);
  }

  Template template(String key) {
    if (!map.containsKey(key)) {
      return null;
    }
    try {
      return Template.compile(get(key));
    } catch (ExpressionException complaint) {
      problem(Code.EXPRESSION, key, complaint.getMessage(), "");
      return null;
    }
  }

  Expression expression(String key) {
    String text = text(key);
    try {
      return text == null ? null : Expression.parse(text);
    } catch (ExpressionException complaint) {
      problem(Code.EXPRESSION, key, complaint.getMessage(), "");
      return null;
    }
  }

  /** A map of templates; null if the key is absent. */
  Map<String, Template> templates(String key) {
    Fields fields = map(key);
    if (fields == null) {
      return null;
    }
    Map<String, Template> templates = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      Template template = fields.template(name);
      if (template != null) {
        templates.put(name, template);
      }
    }
    return templates;
  }

  /** A map without keys, for a key without a value. */
  Fields empty(String key) {
    return new Fields(Map.of(), at(key), problems);
  }

  /** {@code {secret: name}}, and nothing else. */
  Secret secret(String key) {
    if (get(key) instanceof Map<?, ?> only
        && only.size() == 1
        && only.get("secret") instanceof String name) {
      if (SECRET_NAME.matcher(name).matches()) {
        return new Secret(name);
      }
      problem(Code.BAD_NAME, key, "the name of a secret has letters, digits, _ . and - only", "");
      return null;
    }
    problem(
        Code.LITERAL_SECRET, key, key + " must name a secret", "write " + key + ": {secret: name}");
    return null;
  }
}
