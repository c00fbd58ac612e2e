package io.orchestrator.execution;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why something failed, as a flow sees it in {@code $error}.
 *
 * @param type one of the documented types or an adapter's own {@code <adapter>.<code>}
 * @param status HTTP status, 0 if there is none
 * @param adapter that failed, empty if none did
 * @param data what the adapter said about it; null if nothing
 * @param retryAfter how long the other side asked us to wait, null if it did not
 */
public record Failure(
    String type,
    String message,
    int status,
    boolean retryable,
    String adapter,
    Object data,
    Duration retryAfter) {

  /** A failure of the flow itself, which no repetition mends. */
  public static Failure fatal(String type, String message) {
    return new Failure(type, message, 0, false, "", null, null);
  }

  /** A failure that may pass. */
  public static Failure temporary(String type, String message) {
    return new Failure(type, message, 0, true, "", null, null);
  }

  /** As data, the keys without a value left out. */
  public Map<String, Object> toData() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("type", type);
    data.put("message", message);
    if (status != 0) {
      data.put("status", (long) status);
    }
    data.put("retryable", retryable);
    if (!adapter.isEmpty()) {
      data.put("adapter", adapter);
    }
    if (this.data != null) {
      data.put("data", this.data);
    }
    if (retryAfter != null) {
      data.put("retry_after_ms", retryAfter.toMillis());
    }
    return data;
  }

  /** Reads what {@link #toData} wrote. */
  public static Failure of(Map<String, Object> data) {
    Object status = data.get("status");
    Object retryAfter = data.get("retry_after_ms");
    return new Failure(
        (String) data.get("type"),
        (String) data.get("message"),
        status instanceof Long number ? number.intValue() : 0,
        Boolean.TRUE.equals(data.get("retryable")),
        data.get("adapter") instanceof String adapter ? adapter : "",
        data.get("data"),
        retryAfter instanceof Long ms ? Duration.ofMillis(ms) : null);
  }
}
