package io.orchestrator.functions;

import io.orchestrator.execution.Crossings;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Events;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An event that somebody outside wants to publish.
 *
 * @param key empty if it has none
 * @param problems why it cannot be published; empty if it can
 */
record EventWish(String type, String key, Object data, List<Problem> problems) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
  private static final int KEY_CHARS_MAX = 512;

  /** As {@code {type, key, data}} says it. */
  static EventWish of(Map<?, ?> body) {
    List<Problem> problems = new ArrayList<>();
    String type = type(body.get("type"), problems);
    String key = key(body.get("key"), problems);
    return new EventWish(type, key, body.get("data"), List.copyOf(problems));
  }

  /** Whether it is the event that is kept under its id. */
  boolean isSame(Events.Kept kept) {
    return kept.type().equals(type)
        && kept.key().equals(key)
        && Json.canonical(Arrays.asList(Json.readStored(kept.data())))
            .equals(Json.canonical(Arrays.asList(data)));
  }

  private static String type(Object value, List<Problem> problems) {
    boolean named = value instanceof String text && NAME.matcher(text).matches();
    if (!named) {
      String rule = "The type must be letters, digits, _ . and -, a letter first, at most 100";
      problems.add(
          new Problem(
              value == null ? "missing_field" : "bad_value",
              "/type",
              0,
              0,
              rule,
              "order.imported"));
      return "";
    }
    if (((String) value).startsWith(Crossings.NOTICES)) {
      String rule = "Events of the types " + Crossings.NOTICES + "* are published by approvals";
      problems.add(new Problem("bad_value", "/type", 0, 0, rule, ""));
    }
    return (String) value;
  }

  private static String key(Object value, List<Problem> problems) {
    String key =
        switch (value) {
          case null -> "";
          case String text -> text;
          case Long number -> number.toString();
          case BigDecimal number -> number.toPlainString();
          default -> null;
        };
    if (key == null || key.length() > KEY_CHARS_MAX) {
      String rule = "The key must be a text of at most " + KEY_CHARS_MAX + " characters";
      problems.add(new Problem("wrong_type", "/key", 0, 0, rule, ""));
      return "";
    }
    return key;
  }

  /** The same for the same key of the same tenant. */
  static UUID id(String tenant, String key) {
    try {
      byte[] text = (tenant + "\n" + key).getBytes(StandardCharsets.UTF_8);
      ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
      long high = (hash.getLong() & ~0xF000L) | 0x8000L; // version 8 (RFC 9562): our own bits
      return new UUID(high, (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
