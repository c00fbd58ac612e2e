package io.orchestrator.execution;

import java.util.Map;

/** The failure that a {@code raise} step makes. */
final class Raised {
  private Raised() {}

  static Failure failure(Object filled) {
    Map<String, Object> data = View.map(filled);
    Object type = data.get("type");
    Object message = data.get("message");
    return new Failure(
        type == null ? "raised" : String.valueOf(type),
        message == null ? "raised by the flow" : String.valueOf(message),
        0,
        Boolean.TRUE.equals(data.get("retryable")),
        "",
        data.get("data"),
        null);
  }
}
