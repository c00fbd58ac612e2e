package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Hooks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.Commit;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * {@code POST /hooks/{tenant}/{path}}: the webhooks of flows. Order of checks: size, who sends it,
 * parsing.
 */
final class HookResource {
  /** Headers that no flow needs to see. */
  private static final Set<String> PRIVATE =
      Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");

  private final Front front;
  private final Hooks hooks;
  private final Engine engine;

  HookResource(Front front, Hooks hooks, Engine engine) {
    this.front = front;
    this.hooks = hooks;
    this.engine = engine;
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
        isName(tenant) && isName(path)
            ? hooks.find(tenant, path).orElseThrow(() -> none(path))
            : refuse(path);
    Trigger.Webhook hook = found.trigger();
    if (!hook.open()) {
      admit(visit, tenant, path, found.flow());
    }
    Map<String, Object> trigger = trigger(visit, query);
    Scope scope =
        new Scope(
            name -> name.equals("trigger") ? trigger : null, Instant.now(), visit.request().id());
    try {
      if (hook.filter() != null && !hook.filter().expression().condition(scope)) {
        return Reply.json(200, Map.of("status", "ignored"));
      }
      Object input =
          hook.input() == null ? trigger.get("body") : hook.input().template().fill(scope);
      return start(visit, found, input, trigger, key(hook, scope, path));
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
    return switch (engine.start(
        new StartRequest(
            visit.path().get("tenant"),
            found.flow(),
            null,
            input,
            trigger,
            key,
            visit.request().trace()))) {
      case Start.Accepted a -> accepted(a.id());
      case Start.Repeated r -> accepted(r.id());
      case Start.KeyReused ignored -> throw IdempotencyKeys.reused();
      case Start.NoSuchFlow ignored -> throw none(found.trigger().path());
      case Start.NoRoom full -> throw Refusal.noRoom(full.limit());
      case Start.BadInput bad -> throw Refusal.invalid(bad.problems());
    };
  }

  private static Reply accepted(UUID id) {
    return Reply.json(202, Map.of("id", id.toString())).with("location", "/executions/" + id);
  }

  /**
   * Without a way to verify it, a webhook needs a token of the same tenant that may execute the
   * flow.
   */
  private void admit(Visit visit, String tenant, String path, String flow) {
    Caller caller = front.authenticated(visit.request());
    if (!caller.tenant().equals(tenant)) {
      throw none(path);
    }
    if (!caller.may(Action.EXECUTE, flow)) {
      front.denied(visit, caller, Action.EXECUTE.text() + ":" + flow);
      throw Refusal.forbidden(Action.EXECUTE.text() + ":" + flow);
    }
  }

  /**
   * The same event is the same key: what {@code dedupe} gives; nothing makes two requests equal
   * without it.
   */
  private static Commit.IdempotencyKey key(Trigger.Webhook hook, Scope scope, String path) {
    Object value = hook.dedupe() == null ? null : hook.dedupe().expression().evaluate(scope);
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
    return IdempotencyKeys.of("webhook:" + path, text, text, Limits.EVENT_KEPT);
  }

  private static Map<String, Object> trigger(Visit visit, String query) {
    Request request = visit.request();
    Map<String, Object> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!PRIVATE.contains(name)) {
                headers.put(name, value);
              }
            });
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "webhook.received");
    trigger.put("method", request.method());
    trigger.put("path", visit.path().get("path"));
    trigger.put("headers", headers);
    trigger.put("query", parameters(query));
    trigger.put("body", request.body().length == 0 ? null : Body.json(request));
    trigger.put("received_at", Instant.now().toString());
    return trigger;
  }

  private static Map<String, Object> parameters(String query) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    try {
      for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
        int equals = pair.indexOf('=');
        String name = Escapes.inQuery(equals < 0 ? pair : pair.substring(0, equals));
        parameters.put(name, equals < 0 ? "" : Escapes.inQuery(pair.substring(equals + 1)));
      }
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("bad_parameter", "The query is not well encoded", "");
    }
    return parameters;
  }

  private static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  }

  private static Hooks.Found refuse(String path) {
    throw none(path);
  }

  private static Refusal none(String path) {
    return Refusal.notFound("Nobody listens at " + path);
  }
}
