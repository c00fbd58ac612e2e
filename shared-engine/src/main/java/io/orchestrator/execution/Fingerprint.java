package io.orchestrator.execution;

import io.orchestrator.expression.Sha256;
import java.util.List;
import java.util.regex.Pattern;

/** What failures that probably have one cause have in common, however their details differ. */
public final class Fingerprint {
  private static final int CHARS = 16;
  private static final List<Pattern> DETAILS =
      List.of(
          Pattern.compile("\\[\\d+]"),
          Pattern.compile("\"[^\"]*\"|'[^']*'"),
          Pattern.compile("\\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"),
          Pattern.compile("\\b(?=[0-9a-zA-Z_-]*\\d)[0-9a-zA-Z_-]+\\b"));

  private Fingerprint() {}

  /**
   * Sixteen hex digits; equal for equal flow, step, type and kind of message.
   *
   * @param step path; null if no step failed
   */
  public static String of(String flow, String step, String type, String message) {
    String where = step == null ? "" : DETAILS.getFirst().matcher(step).replaceAll("[]");
    String all = String.join("\n", flow, where, type, kind(message));
    return Sha256.hex(all).substring(0, CHARS);
  }

  /** The message with all that differs from one execution to the next left out. */
  static String kind(String message) {
    String kind = message;
    for (Pattern detail : DETAILS) {
      kind = detail.matcher(kind).replaceAll("#");
    }
    return kind;
  }
}
