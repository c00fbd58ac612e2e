package io.orchestrator.catalog;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Spot;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The text of a flow under another name.
 *
 * @param format {@code yaml} or {@code json}
 */
public record Copy(String text, String format) {
  /**
   * Changes the name where it stands, so that comments and lay-out stay; a name that is written in
   * an unusual way makes the copy a JSON text of the same content.
   *
   * @param source of a flow that can be read
   */
  public static Copy of(String source, String format, String name) {
    Node.Mapping root = (Node.Mapping) Document.read(source, new Problems()).root();
    Map<String, Object> data = new LinkedHashMap<>();
    root.entries().forEach((key, entry) -> data.put(key, entry.value().data()));
    String old = (String) data.get("flow");
    data.put("flow", name);
    int at = offset(source, root.get("flow").spot());
    for (String quote : new String[] {"", "\"", "'"}) {
      String written = quote + old + quote;
      if (source.startsWith(written, at)) {
        String text =
            source.substring(0, at)
                + quote
                + name
                + quote
                + source.substring(at + written.length());
        if (isThat(text, data)) {
          return new Copy(text, format);
        }
      }
    }
    return new Copy(Pretty.json(data), "json");
  }

  private static boolean isThat(String text, Map<String, Object> data) {
    Document copy = Document.read(text, new Problems());
    return copy != null && Json.canonical(copy.data()).equals(Json.canonical(data));
  }

  /** The characters before a place; columns count code points. */
  private static int offset(String source, Spot spot) {
    int line = 1;
    int start = 0;
    while (line < spot.line()) {
      start = source.indexOf('\n', start) + 1;
      line++;
    }
    return Math.min(source.length(), source.offsetByCodePoints(start, spot.column() - 1));
  }
}
