package io.orchestrator.rehearsal;

import java.time.Duration;
import java.time.Instant;

/**
 * A call as it would have been made.
 *
 * @param path instance path of the step
 * @param id of the step
 * @param timeout null: the adapter's own
 * @param by who answered
 */
public record Made(
    String path,
    String id,
    int attempt,
    Instant at,
    String adapter,
    String action,
    Object params,
    String idempotencyKey,
    Duration timeout,
    By by) {
  /** Who answered a call. */
  public enum By {
    MOCK,
    SANDBOX,
    /** Nobody: what it gives is unknown, and the rehearsal went on with null. */
    NOBODY
  }
}
