package io.orchestrator.engine;

import io.orchestrator.store.Commit;
import java.util.Map;

/**
 * A wish to start a flow.
 *
 * @param version null: the one that the flow's route gives
 * @param trigger what {@code $trigger} will be; null for a direct start
 * @param key makes the start happen once; null if it may happen again
 * @param traceparent the context that it belongs to; null: a trace of its own
 */
public record StartRequest(
    String tenant,
    String flow,
    String version,
    Object input,
    Map<String, Object> trigger,
    Commit.IdempotencyKey key,
    String traceparent) {
  /** In a trace of its own. */
  public StartRequest(
      String tenant,
      String flow,
      String version,
      Object input,
      Map<String, Object> trigger,
      Commit.IdempotencyKey key) {
    this(tenant, flow, version, input, trigger, key, null);
  }
}
