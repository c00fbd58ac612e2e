package io.orchestrator.queue;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The whole content of a message: look at this execution, which had this revision when the hint was
 * written.
 *
 * @param traceparent the trace that the execution's start belongs to, which goes beside the
 *     message; null if it belongs to none, or if the sender does not know
 */
public record Hint(String tenant, UUID execution, int revision, Kind kind, String traceparent)
    implements ReadHint {
  private static final Set<String> KEYS = Set.of("tenant", "execution", "revision", "kind");
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final int BODY_CHARS_MAX = 1_024;

  /** Why to look. */
  public enum Kind {
    /** Something is ready to run. */
    RUN,
    /** A timer or a time limit is due. */
    WAKE,
    /** Nobody has looked in time: whoever had it in hand may be gone. */
    SWEPT,
    /** There is an event to deliver; its id stands in the place of the execution's. */
    EVENT,
    /** A batch of an order about many executions is due; its id stands there, and its turn. */
    BULK;

    private static Kind of(String text) {
      for (Kind kind : values()) {
        if (kind.text().equals(text)) {
          return kind;
        }
      }
      return null;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Hint {
    if (revision < 0) {
      throw new IllegalArgumentException(
          "Revision " + revision + " of " + execution + " is negative");
    }
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "A tenant's name has 1 to 64 letters, digits, or any of _ . -");
    }
  }

  public Hint(String tenant, UUID execution, int revision, Kind kind) {
    this(tenant, execution, revision, kind, null);
  }

  /** The message: {@code {"execution":..,"revision":..,"kind":"run","tenant":..}}. */
  public String json() {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("execution", execution.toString());
    message.put("revision", (long) revision);
    message.put("kind", kind.text());
    message.put("tenant", tenant);
    return Json.write(message);
  }

  /** The same in a trace. */
  public Hint in(String trace) {
    return new Hint(tenant, execution, revision, kind, trace);
  }

  /**
   * Reads a message; exactly the four keys with exactly their types, anything else is unreadable.
   */
  public static ReadHint parse(String body) {
    if (body == null || body.length() > BODY_CHARS_MAX) {
      return new Unreadable(
          "The message is empty or longer than " + BODY_CHARS_MAX + " characters");
    }
    try {
      return Json.read(body) instanceof Map<?, ?> message
          ? ofMessage(message)
          : new Unreadable("The message is not an object");
    } catch (JsonException e) {
      return new Unreadable("The message is not JSON: " + e.getMessage());
    }
  }

  private static ReadHint ofMessage(Map<?, ?> message) {
    if (!message.keySet().equals(KEYS)) {
      return new Unreadable(
          "The message does not have exactly the keys execution, revision, kind, tenant");
    }
    if (!(message.get("tenant") instanceof String tenant) || !TENANT.matcher(tenant).matches()) {
      return new Unreadable("The message's tenant is not a tenant's name");
    }
    if (!(message.get("revision") instanceof Long revision)
        || revision < 0
        || revision > Integer.MAX_VALUE) {
      return new Unreadable("The message's revision is not a whole number from 0");
    }
    if (!(message.get("execution") instanceof String id) || !isUuid(id)) {
      return new Unreadable("The message's execution is not a UUID");
    }
    Kind kind = message.get("kind") instanceof String text ? Kind.of(text) : null;
    if (kind == null) {
      return new Unreadable("The message's kind is none of run, wake, swept, event");
    }
    return new Hint(tenant, UUID.fromString(id), revision.intValue(), kind);
  }

  /** The 36 characters that {@link UUID} writes; its own reader also takes shorter groups. */
  private static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      if (dash ? c != '-' : !hex) {
        return false;
      }
    }
    return true;
  }
}
