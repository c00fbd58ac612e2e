package io.orchestrator.reference;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why something failed.
 *
 * @param status 0 without
 * @param adapter empty without
 * @param data null without
 * @param retryAfterMillis 0 without
 */
public record Fault(
    String type,
    String message,
    int status,
    boolean retryable,
    String adapter,
    Object data,
    long retryAfterMillis) {

  static Fault fatal(String type, String message) {
    return new Fault(type, message, 0, false, "", null, 0);
  }

  static Fault timeout() {
    return new Fault("timeout", "it took too long", 0, true, "", null, 0);
  }

  /** What {@code $error} is for a flow; of a step, its id and attempt are added. */
  Map<String, Object> data(String step, int attempt) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", type);
    error.put("message", message);
    if (status != 0) {
      error.put("status", (long) status);
    }
    error.put("retryable", retryable);
    if (!adapter.isEmpty()) {
      error.put("adapter", adapter);
    }
    if (data != null) {
      error.put("data", data);
    }
    if (retryAfterMillis != 0) {
      error.put("retry_after_ms", retryAfterMillis);
    }
    if (step != null) {
      error.put("step", step);
      error.put("attempt", (long) attempt);
    }
    return error;
  }
}
