package io.orchestrator.store;

import io.orchestrator.expression.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the audit trail, on its way there.
 *
 * @param actor the subject of the caller's token, or a part of the system: {@code engine}
 * @param action noun and verb: {@code execution.cancel}
 * @param object kind and name: {@code flow:orders}, {@code execution:0198...}
 * @param details more about it, as far as it is nobody's secret; empty if there is nothing to say
 */
public record AuditEntry(
    String tenant,
    String actor,
    String action,
    String object,
    Outcome outcome,
    Map<String, Object> details) {
  private static final int ACTOR_CHARS_MAX = 300;
  private static final int ACTION_CHARS_MAX = 100;
  private static final int OBJECT_CHARS_MAX = 600;
  private static final int DETAILS_CHARS_MAX = 8_192;

  /** What became of it. */
  public enum Outcome {
    DONE("done"),
    DENIED("denied"),
    FAILED("failed");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** Names come from outside; none can keep the line from being written. */
  public AuditEntry {
    actor = shown(actor, ACTOR_CHARS_MAX);
    action = shown(action, ACTION_CHARS_MAX);
    object = shown(object, OBJECT_CHARS_MAX);
    details = new LinkedHashMap<>(details);
  }

  /** Something that was done. */
  public static AuditEntry done(
      String tenant, String actor, String action, String object, Map<String, Object> details) {
    return new AuditEntry(tenant, actor, action, object, Outcome.DONE, details);
  }

  /** The details as compact JSON; null if there are none. */
  String detailsText() {
    if (details.isEmpty()) {
      return null;
    }
    String text = Json.write(details);
    return text.length() <= DETAILS_CHARS_MAX
        ? text
        : Json.write(Map.of("omitted_chars", (long) text.length()));
  }

  /** PostgreSQL takes neither NUL nor halves of surrogate pairs. */
  private static String shown(String text, int charsMax) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(charsMax)
        .map(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c)
        .forEach(clean::appendCodePoint);
    return clean.isEmpty() ? "-" : clean.toString();
  }
}
