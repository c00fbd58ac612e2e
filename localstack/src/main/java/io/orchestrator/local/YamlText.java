package io.orchestrator.local;

import io.orchestrator.expression.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes plain data as YAML that people like to read: small things on one line, others in blocks.
 */
final class YamlText {
  private static final int LINE_CHARS_MAX = 100;

  /** Texts that YAML reads as texts without quotes, wherever they stand. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*");

  private static final Pattern WORD =
      Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n|inf|nan");

  private YamlText() {}

  /** A list of one item, indented by two blanks, as it stands below a key. */
  static String item(Map<String, Object> item) {
    StringBuilder out = new StringBuilder();
    map(out, item, 4);
    out.replace(2, 3, "-");
    return out.toString();
  }

  private static void map(StringBuilder out, Map<?, ?> map, int indent) {
    map.forEach(
        (key, value) -> {
          out.append(" ".repeat(indent)).append(text((String) key)).append(':');
          value(out, value, indent);
        });
  }

  private static void value(StringBuilder out, Object value, int indent) {
    String line = line(value);
    if (line.length() + indent <= LINE_CHARS_MAX || isSmall(value)) {
      out.append(' ').append(line).append('\n');
    } else if (value instanceof Map<?, ?> map) {
      out.append('\n');
      map(out, map, indent + 2);
    } else {
      out.append('\n');
      for (Object item : (List<?>) value) {
        out.append(" ".repeat(indent)).append("  - ").append(line(item)).append('\n');
      }
    }
  }

  private static boolean isSmall(Object value) {
    return !(value instanceof Map<?, ?> map && !map.isEmpty())
        && !(value instanceof List<?> list && !list.isEmpty());
  }

  /** On one line. */
  private static String line(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        StringBuilder out = new StringBuilder("{");
        map.forEach(
            (key, each) ->
                out.append(out.length() == 1 ? "" : ", ")
                    .append(text((String) key))
                    .append(": ")
                    .append(line(each)));
        yield out.append('}').toString();
      }
      case List<?> list -> {
        StringBuilder out = new StringBuilder("[");
        list.forEach(each -> out.append(out.length() == 1 ? "" : ", ").append(line(each)));
        yield out.append(']').toString();
      }
      case String text -> text(text);
      case null, default -> Json.write(value);
    };
  }

  private static String text(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !WORD.matcher(text).matches();
    return plain ? text : Json.write(text);
  }
}
