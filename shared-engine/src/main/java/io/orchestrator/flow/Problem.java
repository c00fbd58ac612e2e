package io.orchestrator.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that is wrong with a text, in the one error shape of the product.
 *
 * @param code stable, listed in docs/errors.md
 * @param path RFC 6901 pointer into the document, empty for the whole
 * @param line from 1, 0 if unknown
 * @param column from 1, 0 if unknown
 * @param hint what to write instead; empty if there is nothing to suggest
 */
public record Problem(String code, String path, int line, int column, String message, String hint) {

  /** The same as plain data, as the API and the command line show it. */
  public Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("code", code);
    data.put("path", shown(path));
    data.put("line", (long) line);
    data.put("column", (long) column);
    data.put("message", shown(message));
    data.put("hint", shown(hint));
    return data;
  }

  /** What a client sent may be quoted, but NUL and halves of surrogate pairs are not data. */
  public static String shown(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().map(c -> c == 0 || isHalf(c) ? 0xFFFD : c).forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
