package io.orchestrator.local;

import io.orchestrator.flow.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a file, for people: the place, the code and the message, the line with a caret
 * below, and a hint.
 */
final class Findings {
  private static final int LINE_CHARS_MAX = 160;

  private final String file;
  private final List<String> lines;

  Findings(String file, byte[] text) {
    this.file = file;
    this.lines = new String(text, StandardCharsets.UTF_8).lines().toList();
  }

  /** The problem as lines of text. */
  String of(Problem problem, boolean warning) {
    StringBuilder out = new StringBuilder(file);
    out.append(':')
        .append(problem.line())
        .append(':')
        .append(problem.column())
        .append(' ')
        .append(problem.code());
    out.append(' ').append(problem.message()).append(warning ? " (warning)" : "").append('\n');
    if (problem.line() > 0 && problem.line() <= lines.size()) {
      source(problem, out);
    }
    if (!problem.hint().isEmpty()) {
      out.append("  hint: ").append(problem.hint()).append('\n');
    }
    return out.toString();
  }

  private void source(Problem problem, StringBuilder out) {
    String line = lines.get(problem.line() - 1);
    // Columns count characters, of which some need two places in a Java text.
    int points = Math.clamp(problem.column() - 1L, 0, line.codePointCount(0, line.length()));
    int caret = line.offsetByCodePoints(0, points);
    int from =
        caret > LINE_CHARS_MAX / 2 && line.length() > LINE_CHARS_MAX
            ? caret - LINE_CHARS_MAX / 2
            : 0;
    String shown = line.substring(from, Math.min(line.length(), from + LINE_CHARS_MAX));
    String number = "%5d | ".formatted(problem.line());
    out.append(number).append(shown).append('\n');
    out.append(" ".repeat(number.length() - 2)).append("| ");
    for (int i = from; i < caret; i++) {
      if (!Character.isLowSurrogate(line.charAt(i))) {
        out.append(line.charAt(i) == '\t' ? '\t' : ' ');
      }
    }
    out.append("^\n");
  }

  /** A problem from the answer of the API. */
  static Problem problem(Map<String, Object> data) {
    return new Problem(
        Data.text(data.get("code")),
        Data.text(data.get("path")),
        number(data.get("line")),
        number(data.get("column")),
        Data.text(data.get("message")),
        Data.text(data.get("hint")));
  }

  private static int number(Object value) {
    return value instanceof Long number ? Math.toIntExact(number) : 0;
  }
}
