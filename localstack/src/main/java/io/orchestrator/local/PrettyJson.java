package io.orchestrator.local;

import io.orchestrator.expression.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** JSON for people: one field a line. */
final class PrettyJson {
  private PrettyJson() {}

  static String of(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "", out);
    return out.toString();
  }

  private static void write(Object value, String indent, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        out.append("{\n");
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
          Map.Entry<?, ?> entry = entries.next();
          out.append(indent).append("  ").append(Json.write(entry.getKey())).append(": ");
          write(entry.getValue(), indent + "  ", out);
          out.append(entries.hasNext() ? ",\n" : "\n");
        }
        out.append(indent).append('}');
      }
      case List<?> list when !list.isEmpty() -> {
        out.append("[\n");
        for (int i = 0; i < list.size(); i++) {
          out.append(indent).append("  ");
          write(list.get(i), indent + "  ", out);
          out.append(i + 1 < list.size() ? ",\n" : "\n");
        }
        out.append(indent).append(']');
      }
      case null, default -> out.append(Json.write(value));
    }
  }
}
