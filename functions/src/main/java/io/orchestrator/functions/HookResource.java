package io.orchestrator.functions;

import io.orchestrator.catalog.Hooks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.Commit;
import io.orchestrator.webhook.EventIds;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * {@code POST /hooks/{tenant}/{path}}: the webhooks of flows. Order of checks: size, who sends it,
 * parsing.
 */
final class HookResource {
  private final Front front;
  private final Hooks hooks;
  private final HookGate gate;
  private final Engine engine;
  private final HookReply replies;

  HookResource(Front front, Hooks hooks, HookGate gate, Engine engine, HookReply replies) {
    this.front = front;
    this.hooks = hooks;
    this.gate = gate;
    this.engine = engine;
    this.replies = replies;
  }

  Reply answer(Request request) {
    // What a webhook sends in its query is its own matter.
    Request withoutQuery =
        new Request(
            request.method(), request.path(), "", request.headers(), request.body(), request.id());
    return front.answer(Route.Server.TRIGGER, withoutQuery, visit -> take(visit, request.query()));
  }

  private Reply take(Visit visit, String query) {
    String tenant = visit.path().get("tenant");
    String path = visit.path().get("path");
    Hooks.Found found =
        isTenant(tenant) && isPath(path)
            ? hooks.find(tenant, path).orElseThrow(() -> none(path))
            : refuse(path);
    gate.admit(visit, found);
    Trigger.Webhook hook = found.trigger();
    Map<String, Object> trigger = HookTrigger.of(visit, query, hook.verify());
    Scope scope =
        new Scope(
            name -> name.equals("trigger") ? trigger : null, Instant.now(), visit.request().id());
    try {
      if (hook.filter() != null && !hook.filter().expression().condition(scope)) {
        return Reply.json(200, Map.of("status", "ignored"));
      }
      Object input =
          hook.input() == null ? trigger.get("body") : hook.input().template().fill(scope);
      Commit.IdempotencyKey key = key(hook, scope, visit, trigger.get("body"));
      return start(visit, found, input, trigger, key);
    } catch (ExpressionException broken) {
      throw Refusal.invalid("expression", broken.getMessage(), "");
    }
  }

  private Reply start(
      Visit visit,
      Hooks.Found found,
      Object input,
      Map<String, Object> trigger,
      Commit.IdempotencyKey key) {
    String tenant = visit.path().get("tenant");
    return switch (engine.start(
        new StartRequest(
            tenant, found.flow(), null, input, trigger, key, visit.request().trace()))) {
      case Start.Accepted a -> accepted(tenant, a.id(), found.trigger());
      case Start.Repeated r -> accepted(tenant, r.id(), found.trigger());
      case Start.KeyReused ignored -> throw IdempotencyKeys.reused();
      case Start.NoSuchFlow ignored -> throw none(found.trigger().path());
      case Start.NoRoom full -> throw Refusal.noRoom(full.limit());
      case Start.BadInput bad -> throw Refusal.invalid(bad.problems());
    };
  }

  private Reply accepted(String tenant, UUID id, Trigger.Webhook hook) {
    return hook.respondWithin() == null
        ? HookReply.accepted(id)
        : replies.ended(tenant, id, hook.respondWithin());
  }

  /**
   * The same event is the same key: what {@code dedupe} gives, or what its sender calls it. Without
   * either nothing makes two requests equal.
   */
  private static Commit.IdempotencyKey key(
      Trigger.Webhook hook, Scope scope, Visit visit, Object body) {
    Object value =
        hook.dedupe() == null
            ? EventIds.of(hook.verify(), visit.request().headers(), body)
            : hook.dedupe().expression().evaluate(scope);
    if (value == null) {
      return null;
    }
    String text = value instanceof String id ? id : Json.canonical(value);
    if (text.length() > Limits.IDEMPOTENCY_KEY_CHARS_MAX) {
      throw Refusal.invalid(
          "bad_idempotency_key",
          "What dedupe gives is longer than " + Limits.IDEMPOTENCY_KEY_CHARS_MAX,
          "");
    }
    // A sender may repeat an event with another time in it: the id alone says what is the same.
    return IdempotencyKeys.of("webhook:" + hook.path(), text, text, Limits.EVENT_KEPT);
  }

  private static boolean isTenant(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  }

  private static boolean isPath(String text) {
    return text.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");
  }

  private static Hooks.Found refuse(String path) {
    throw none(path);
  }

  static Refusal none(String path) {
    return Refusal.notFound("Nobody listens at " + path);
  }
}
