package io.orchestrator.functions;

import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Commit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A start that EventBridge asks for. What is wrong with it is thrown, so that it ends among the
 * dead letters and is seen.
 */
final class DirectStart {
  private static final Set<String> KEYS = Set.of("tenant", "flow", "input", "id");

  private final Engine engine;

  DirectStart(Engine engine) {
    this.engine = engine;
  }

  /**
   * Starts the flow; with an {@code id} (of the event) only once, however often it is delivered.
   */
  Map<String, Object> start(Map<?, ?> event) {
    if (!(event.get("tenant") instanceof String tenant)
        || !(event.get("flow") instanceof String flow)) {
      throw new IllegalArgumentException(
          "The event needs the texts tenant and flow, and may have input and id");
    }
    if (!KEYS.containsAll(event.keySet())) {
      throw new IllegalArgumentException(
          "The event has other keys than tenant, flow, input and id");
    }
    Object input = event.containsKey("input") ? event.get("input") : Map.of();
    String id = event.get("id") instanceof String text ? text : "";
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
          throw new IllegalArgumentException(
              "The input does not fit: "
                  + bad.problems().stream()
                      .map(Problem::message)
                      .collect(Collectors.joining("; ")));
    };
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
