package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.engine.Engine;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Signals to executions, and events of a tenant. */
final class WordsResource {
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
    EventWish wish = EventWish.of(body);
    if (!wish.problems().isEmpty()) {
      throw Refusal.invalid(wish.problems());
    }
    UUID id = given.isEmpty() ? UUID.randomUUID() : EventWish.id(visit.tenant(), given);
    String trace = visit.request().trace();
    if (!wish.isSame(
        engine.publish(visit.tenant(), id, wish.type(), wish.key(), wish.data(), trace))) {
      throw IdempotencyKeys.reused();
    }
    return Reply.json(202, Map.of("id", id.toString()));
  }
}
