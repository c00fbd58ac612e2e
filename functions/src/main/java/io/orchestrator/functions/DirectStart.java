package io.orchestrator.functions;

import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Commit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What EventBridge asks for: the start of a flow, or an event for the flows that listen. What is
 * wrong with it is thrown, so that it ends among the dead letters and is seen.
 */
final class DirectStart {
  private static final Set<String> START = Set.of("tenant", "flow", "input", "id");
  private static final Set<String> EVENT = Set.of("tenant", "type", "key", "data", "id");

  private final Engine engine;

  DirectStart(Engine engine) {
    this.engine = engine;
  }

  /** Does it; with an {@code id} (of the event) only once, however often it is delivered. */
  Map<String, Object> take(Map<?, ?> event) {
    if (!(event.get("tenant") instanceof String tenant)) {
      throw new IllegalArgumentException(
          "The event needs the text tenant, and flow (with input) or type (with key and data)");
    }
    String id = event.get("id") instanceof String text ? text : "";
    if (event.get("flow") instanceof String flow) {
      known(event, START);
      return start(tenant, flow, id, event);
    }
    if (event.get("type") instanceof String) {
      known(event, EVENT);
      return publish(tenant, id, event);
    }
    throw new IllegalArgumentException(
        "The event needs the text flow (with input) or type (with key and data)");
  }

  private static void known(Map<?, ?> event, Set<String> keys) {
    if (!keys.containsAll(event.keySet())) {
      throw new IllegalArgumentException("The event has other keys than " + keys);
    }
  }

  private Map<String, Object> publish(String tenant, String id, Map<?, ?> event) {
    EventWish wish = EventWish.of(event);
    if (!wish.problems().isEmpty()) {
      throw new IllegalArgumentException(messages(wish.problems()));
    }
    UUID key = id.isEmpty() ? UUID.randomUUID() : EventWish.id(tenant, "eventbridge\n" + id);
    if (!wish.isSame(engine.publish(tenant, key, wish.type(), wish.key(), wish.data(), null))) {
      throw new IllegalArgumentException("The id " + id + " was used before for another event");
    }
    return Map.of("id", key.toString());
  }

  private Map<String, Object> start(String tenant, String flow, String id, Map<?, ?> event) {
    Object input = event.containsKey("input") ? event.get("input") : Map.of();
    Commit.IdempotencyKey key =
        IdempotencyKeys.of("event", id, Json.canonical(event), Limits.EVENT_KEPT);
    return switch (engine.start(new StartRequest(tenant, flow, null, input, null, key))) {
      case Start.Accepted a -> answer(a.id(), a.flow(), a.version(), a.status());
      case Start.Repeated r -> answer(r.id(), r.flow(), r.version(), r.status());
      case Start.KeyReused ignored ->
          throw new IllegalArgumentException("The id " + id + " was used before for another event");
      case Start.NoSuchFlow none -> throw new IllegalArgumentException(none.why());
      case Start.NoRoom full ->
          throw new IllegalArgumentException(
              "The flow lets only " + full.limit() + " executions be at work at the same time");
      case Start.BadInput bad ->
          throw new IllegalArgumentException("The input does not fit: " + messages(bad.problems()));
    };
  }

  private static String messages(List<Problem> problems) {
    return problems.stream().map(Problem::message).collect(Collectors.joining("; "));
  }

  private static Map<String, Object> answer(UUID id, String flow, String version, String status) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", id.toString());
    answer.put("flow", flow);
    answer.put("version", version);
    answer.put("status", status);
    return answer;
  }
}
