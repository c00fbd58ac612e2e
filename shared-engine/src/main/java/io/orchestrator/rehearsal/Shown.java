package io.orchestrator.rehearsal;

import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Data as people and tests see it: a secret is its name. */
final class Shown {
  private Shown() {}

  static Object data(Object data) {
    return switch (data) {
      case Secret secret -> Map.of("secret", secret.name());
      case List<?> list -> {
        List<Object> shown = new ArrayList<>(list.size());
        list.forEach(item -> shown.add(data(item)));
        yield shown;
      }
      case Map<?, ?> map -> {
        Map<String, Object> shown = new LinkedHashMap<>();
        map.forEach((key, value) -> shown.put((String) key, data(value)));
        yield shown;
      }
      case null, default -> data;
    };
  }

  /** The failure that a callback reports. */
  static Failure failure(Object body) {
    Map<?, ?> data = body instanceof Map<?, ?> map ? map : Map.of();
    return new Failure(
        data.get("type") instanceof String type ? type : "adapter_error",
        data.get("message") instanceof String text ? text : "the other side reported a failure",
        0,
        Boolean.TRUE.equals(data.get("retryable")),
        "",
        data.get("data"),
        null);
  }
}
