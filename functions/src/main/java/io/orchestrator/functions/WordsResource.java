package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.engine.Engine;
import io.orchestrator.execution.Crossings;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
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

/** Signals to executions, and events of a tenant. */
final class WordsResource {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
  private static final int KEY_CHARS_MAX = 512;

  private final ExecutionReads reads;
  private final Engine engine;

  WordsResource(ExecutionReads reads, Engine engine) {
    this.reads = reads;
    this.engine = engine;
  }

  /** {@code POST /executions/{id}/signals/{name}}: the body is the signal's data. */
  Reply signal(Visit visit) {
    String key = IdempotencyKeys.read(visit.request());
    Object data = visit.request().body().length == 0 ? null : Body.json(visit.request());
    Stored head = reads.head(visit.tenant(), visit.execution()).orElseThrow(visit::noExecution);
    visit.need(Action.EXECUTE, head.flow());
    String name = visit.path().get("name");
    String id = key.isEmpty() ? UUID.randomUUID().toString() : "key:" + key;
    return switch (engine.signal(visit.tenant(), head.id(), id, name, data)) {
      case ACCEPTED, SAME -> Reply.json(202, Map.of("status", "accepted"));
      case DIFFERENT -> throw IdempotencyKeys.reused();
      case FULL ->
          throw new Refusal(
              409, "too_many_signals", "Too many signals are kept that no step has taken");
      case LATE ->
          throw new Refusal(410, "gone", "The execution has ended already: " + head.status());
      case UNKNOWN -> throw Refusal.notFound("No step of this flow waits for the signal " + name);
    };
  }

  /** {@code POST /events}: it concerns every flow of the tenant. */
  Reply event(Visit visit) {
    if (!visit.caller().may(Action.EXECUTE)) {
      throw Refusal.forbidden(Action.EXECUTE.text());
    }
    String given = IdempotencyKeys.read(visit.request());
    Map<String, Object> body = Body.object(visit.request(), List.of("type", "key", "data"));
    List<Problem> problems = new ArrayList<>();
    String type = type(body.get("type"), problems);
    String key = key(body.get("key"), problems);
    if (!problems.isEmpty()) {
      throw Refusal.invalid(problems);
    }
    UUID id = given.isEmpty() ? UUID.randomUUID() : id(visit.tenant(), given);
    Object data = body.get("data");
    Events.Kept kept = engine.publish(visit.tenant(), id, type, key, data);
    boolean same =
        kept.type().equals(type)
            && kept.key().equals(key)
            && Json.canonical(Arrays.asList(Json.readStored(kept.data())))
                .equals(Json.canonical(Arrays.asList(data)));
    if (!same) {
      throw IdempotencyKeys.reused();
    }
    return Reply.json(202, Map.of("id", id.toString()));
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
  private static UUID id(String tenant, String key) {
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
