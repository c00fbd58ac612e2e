package io.orchestrator.adapter;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * One attempt to have an adapter do something for a step.
 *
 * @param path of the step, with its iterations
 * @param attempt from 1
 * @param action null: the adapter's default action
 * @param params data, in which a {@link io.orchestrator.expression.Secret} may stand
 * @param idempotencyKey equal over retries and redeliveries
 * @param timeout of this attempt; null: the action's or the adapter's
 * @param atMost what is left of the step's time: the attempt takes no longer, whatever its timeout;
 *     null without
 * @param awaits whether the step waits for a callback, so that every 2xx only means that the answer
 *     will come later
 * @param callbackUrl where the answer may be sent; null if nobody would take it
 * @param callbackToken the token in it; null without
 * @param traceparent the context of this very call (see {@link io.orchestrator.telemetry.Trace}),
 *     to be handed on; null without
 * @param alone whether nobody may stand in for the adapter
 */
public record AdapterCall(
    String tenant,
    UUID execution,
    String flow,
    String path,
    int attempt,
    String adapter,
    String action,
    Object params,
    String idempotencyKey,
    Duration timeout,
    Duration atMost,
    boolean awaits,
    String callbackUrl,
    String callbackToken,
    String traceparent,
    boolean alone) {

  public AdapterCall {
    Objects.requireNonNull(tenant);
    Objects.requireNonNull(execution);
    Objects.requireNonNull(adapter);
    Objects.requireNonNull(idempotencyKey);
  }

  /** A call for whose adapter those of its definition's {@code fallback} may stand in. */
  public AdapterCall(
      String tenant,
      UUID execution,
      String flow,
      String path,
      int attempt,
      String adapter,
      String action,
      Object params,
      String idempotencyKey,
      Duration timeout,
      Duration atMost,
      boolean awaits,
      String callbackUrl,
      String callbackToken,
      String traceparent) {
    this(
        tenant,
        execution,
        flow,
        path,
        attempt,
        adapter,
        action,
        params,
        idempotencyKey,
        timeout,
        atMost,
        awaits,
        callbackUrl,
        callbackToken,
        traceparent,
        false);
  }

  /** What {@code $execution} is in a definition. */
  Map<String, Object> executionData() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", execution.toString());
    data.put("flow", flow);
    data.put("tenant", tenant);
    data.put("step", path);
    data.put("attempt", (long) attempt);
    data.put("idempotency_key", idempotencyKey);
    return data;
  }

  /** What {@code $callback} is in a definition; null if the step takes none. */
  Map<String, Object> callbackData() {
    if (callbackUrl == null) {
      return null;
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("url", callbackUrl);
    data.put("token", callbackToken);
    return data;
  }
}
