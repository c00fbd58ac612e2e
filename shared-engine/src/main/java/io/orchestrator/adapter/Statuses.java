package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.time.Duration;
import java.time.Instant;

/** What an HTTP status means where the action does not say otherwise. */
final class Statuses {
  private Statuses() {}

  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /** The failure that an answer other than a success is. */
  static Failure failure(Reply.Answered answer, Definition definition, Action action, Instant now) {
    int status = answer.status();
    String message = definition.adapter() + "." + action.name() + " answered " + status;
    return switch (status) {
      case 401 -> failure("authentication", message, false, answer, definition, null);
      case 403 -> failure("forbidden", message, false, answer, definition, null);
      case 404 -> failure("not_found", message, false, answer, definition, null);
      case 409 -> failure("conflict", message, false, answer, definition, null);
      case 408, 504 -> failure("timeout", message, action.idempotent(), answer, definition, null);
      case 429 ->
          failure("rate_limited", message, true, answer, definition, retryAfter(answer, now));
      case 502, 503 ->
          failure(
              "adapter_unavailable", message, true, answer, definition, retryAfter(answer, now));
      default -> failure("adapter_error", message, status >= 500, answer, definition, null);
    };
  }

  /** A success that a rule of the action calls a failure. */
  static Failure success(Reply.Answered answer, Definition definition, Action action) {
    String message = definition.adapter() + "." + action.name() + " answered " + answer.status();
    return failure("adapter_error", message, false, answer, definition, null);
  }

  private static Failure failure(
      String type,
      String message,
      boolean retryable,
      Reply.Answered answer,
      Definition by,
      Duration retryAfter) {
    Object body = answer.body();
    boolean small = Json.bytes(body, Limits.ERROR_DATA_BYTES_MAX) <= Limits.ERROR_DATA_BYTES_MAX;
    return new Failure(
        type, message, answer.status(), retryable, by.adapter(), small ? body : null, retryAfter);
  }

  private static Duration retryAfter(Reply.Answered answer, Instant now) {
    return answer.headers().get("retry-after") instanceof String text
        ? RetryAfter.parse(
            text, answer.headers().get("date") instanceof String date ? date : "", now)
        : null;
  }
}
