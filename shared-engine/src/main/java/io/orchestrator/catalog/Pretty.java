package io.orchestrator.catalog;

import io.orchestrator.expression.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** JSON that people can read: what is short stands on one line. */
final class Pretty {
  private static final int LINE_CHARS_MAX = 100;

  private Pretty() {}

  static String json(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "", out);
    return out.append('\n').toString();
  }

  private static void write(Object value, String indent, StringBuilder out) {
    String line = Json.write(value);
    boolean isShort = line.length() + indent.length() <= LINE_CHARS_MAX;
    switch (value) {
      case Map<?, ?> map when !isShort || indent.isEmpty() -> {
        out.append("{\n");
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
          Map.Entry<?, ?> entry = i.next();
          out.append(indent).append("  ").append(Json.write(entry.getKey())).append(": ");
          write(entry.getValue(), indent + "  ", out);
          out.append(i.hasNext() ? ",\n" : "\n");
        }
        out.append(indent).append('}');
      }
      case List<?> list when !isShort -> {
        out.append("[\n");
        for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
          out.append(indent).append("  ");
          write(i.next(), indent + "  ", out);
          out.append(i.hasNext() ? ",\n" : "\n");
        }
        out.append(indent).append(']');
      }
      case null, default -> out.append(line);
    }
  }
}
