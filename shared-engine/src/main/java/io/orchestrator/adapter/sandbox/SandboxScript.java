package io.orchestrator.adapter.sandbox;

import io.orchestrator.execution.Failure;
import io.orchestrator.flow.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a sandbox is told to do: {@code {delay, fail: {type, times, message, retryable, status},
 * answer, callback: {after, body, outcome}}}.
 *
 * @param delay before it answers or fails
 * @param failure gives the failure for an adapter's name; null if it does not fail
 * @param failingAttempts the first so many attempts fail, which needs no memory
 * @param answer the result
 * @param callback null without
 */
record SandboxScript(
    Duration delay,
    Function<String, Failure> failure,
    long failingAttempts,
    Object answer,
    Callback callback) {
  private static final Set<String> KEYS = Set.of("delay", "fail", "answer", "callback");
  private static final Set<String> FAIL_KEYS =
      Set.of("type", "times", "message", "retryable", "status", "data");
  private static final Set<String> CALLBACK_KEYS = Set.of("after", "body", "outcome");

  /** The types that the language itself knows; any other is the adapter's own. */
  private static final Set<String> TYPES =
      Set.of(
          "validation",
          "expression",
          "authentication",
          "forbidden",
          "not_found",
          "conflict",
          "timeout",
          "rate_limited",
          "adapter_error",
          "adapter_unavailable",
          "circuit_open",
          "assertion",
          "budget_exceeded",
          "payload_too_large",
          "interrupted",
          "cancelled",
          "internal");

  private static final Set<String> RETRYABLE =
      Set.of("timeout", "rate_limited", "adapter_unavailable", "circuit_open", "internal");

  /**
   * A call of the step's callback.
   *
   * @param after the answer
   * @param error whether it reports a failure
   */
  record Callback(Duration after, Object body, boolean error) {}

  /**
   * Reads a script.
   *
   * @param usual what is answered if the script does not say
   * @throws IllegalArgumentException with a message for the flow's author
   */
  static SandboxScript read(Object data, Object usual) {
    Map<?, ?> script = map("$sandbox", data, KEYS);
    Object fail = script.get("fail");
    Object callback = script.get("callback");
    Map<?, ?> failing = fail == null ? Map.of() : map("$sandbox.fail", fail, FAIL_KEYS);
    return new SandboxScript(
        duration("$sandbox.delay", script.get("delay")),
        fail == null ? null : adapter -> failure(failing, adapter),
        failing.get("times") == null ? Long.MAX_VALUE : times(failing.get("times")),
        script.containsKey("answer") ? script.get("answer") : usual,
        callback == null ? null : callback(map("$sandbox.callback", callback, CALLBACK_KEYS)));
  }

  private static Callback callback(Map<?, ?> data) {
    return new Callback(
        duration("$sandbox.callback.after", data.get("after")),
        data.get("body"),
        "error".equals(data.get("outcome")));
  }

  private static Failure failure(Map<?, ?> data, String adapter) {
    String type = data.get("type") instanceof String text ? text : "adapter_error";
    String full = TYPES.contains(type) || type.indexOf('.') >= 0 ? type : adapter + "." + type;
    String message =
        data.get("message") instanceof String text
            ? text
            : adapter + " fails, as the sandbox was told";
    int status = data.get("status") instanceof Long number ? Math.toIntExact(number) : 0;
    boolean retryable =
        data.get("retryable") instanceof Boolean flag ? flag : RETRYABLE.contains(type);
    return new Failure(full, message, status, retryable, adapter, data.get("data"), null);
  }

  private static long times(Object value) {
    if (value instanceof Long times && times >= 0) {
      return times;
    }
    throw new IllegalArgumentException("$sandbox.fail.times must be a number from 0");
  }

  private static Duration duration(String name, Object value) {
    if (value == null) {
      return Duration.ZERO;
    }
    Duration duration = value instanceof String text ? Durations.parse(text) : null;
    if (duration == null) {
      throw new IllegalArgumentException(name + " must be a duration such as 300ms");
    }
    return duration;
  }

  private static Map<?, ?> map(String name, Object value, Set<String> keys) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(name + " must be a map");
    }
    for (Object key : map.keySet()) {
      if (!keys.contains(key)) {
        throw new IllegalArgumentException(name + " has the unknown key " + key);
      }
    }
    return map;
  }
}
