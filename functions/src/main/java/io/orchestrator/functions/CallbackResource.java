package io.orchestrator.functions;

import io.orchestrator.engine.Engine;
import io.orchestrator.execution.Failure;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code POST /callbacks/{token}}: whoever knows the token may answer the wait, once. */
final class CallbackResource {
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_.-]{0,99}");
  private static final int MESSAGE_CHARS_MAX = 2_000;

  private final Front front;
  private final Engine engine;

  CallbackResource(Front front, Engine engine) {
    this.front = front;
    this.engine = engine;
  }

  Reply answer(Request request) {
    return front.answer(Route.Server.RESUME, request, this::answer);
  }

  private Reply answer(Visit visit) {
    boolean failed =
        switch (visit.query().text("outcome")) {
          case "", "ok" -> false;
          case "error" -> true;
          default -> throw Query.bad("outcome", "must be ok or error");
        };
    Failure failure = failed ? failure(visit.request()) : null;
    Object answer =
        failed || visit.request().body().length == 0 ? null : Body.json(visit.request());
    return switch (engine.callback(visit.path().get("token"), answer, failure)) {
      case ACCEPTED, SAME -> Reply.json(200, Map.of("status", "accepted"));
      case DIFFERENT ->
          throw new Refusal(409, "already_answered", "Another answer was given before");
      case LATE -> throw new Refusal(410, "gone", "Nobody waits for this answer any more");
      case UNKNOWN -> throw Refusal.notFound("There is no such callback");
    };
  }

  private static Failure failure(Request request) {
    Map<String, Object> body =
        Body.object(request, List.of("type", "message", "retryable", "data"));
    Object type = body.getOrDefault("type", "adapter_error");
    Object message = body.getOrDefault("message", "the callback reported a failure");
    Object retryable = body.getOrDefault("retryable", false);
    if (!(type instanceof String name) || !TYPE.matcher(name).matches()) {
      throw Refusal.invalid("wrong_type", "The type must be the name of an error", "adapter_error");
    }
    if (!(message instanceof String text) || text.length() > MESSAGE_CHARS_MAX) {
      throw Refusal.invalid(
          "wrong_type",
          "The message must be a text of at most " + MESSAGE_CHARS_MAX + " characters",
          "");
    }
    if (!(retryable instanceof Boolean again)) {
      throw Refusal.invalid("wrong_type", "The field retryable must be true or false", "");
    }
    return new Failure(name, text, 0, again, "", body.get("data"), null);
  }
}
