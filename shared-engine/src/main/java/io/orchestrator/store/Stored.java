package io.orchestrator.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An execution as the database has it: the head row and its whole history.
 *
 * @param state the frontier, the very text that was committed
 * @param dueAt from then on somebody must look; null if nobody must
 * @param owner the process that has or had a call in flight, null if none has
 * @param leaseUntil how long that counts; null without an owner
 * @param strikes how often a lost owner was replaced without progress since
 * @param traceparent the trace that its start belongs to; null if it belongs to none
 * @param readAt the database's time of this reading
 */
public record Stored(
    UUID id,
    String tenant,
    String flow,
    String version,
    String status,
    int revision,
    String state,
    Instant dueAt,
    String owner,
    Instant leaseUntil,
    int strikes,
    String traceparent,
    Instant startedAt,
    Instant endedAt,
    Instant readAt,
    List<Line> history) {

  /** Whether somebody's call of it counts as in flight. */
  public boolean isLeased() {
    return owner != null && leaseUntil != null && leaseUntil.isAfter(readAt);
  }

  /**
   * One row of the history.
   *
   * @param due the instant that its timer is due; null if it armed none
   */
  public record Line(
      int revision, Instant at, String event, String step, int attempt, String data, Instant due) {}
}
