package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps events, and finds who waits for them. Each is its own outbox: it is called for again until
 * it is marked as delivered. Safe for use by many threads; every method may block.
 */
public interface Events {
  /** How long an undelivered event rests before the sweeper calls for it. */
  Duration DELIVERY_GRACE = Duration.ofSeconds(2);

  /** How long an event is kept for waits that begin later. */
  Duration KEPT = Duration.ofDays(7);

  /**
   * An event.
   *
   * @param type the engine's own begin with {@code $}
   * @param key empty if it has none
   * @param data as compact JSON
   * @param open whether it has still to be delivered
   * @param cause the execution that emitted it; null if it came from outside
   * @param traceparent the trace that it came with; null if it came with none
   */
  record Kept(
      UUID id,
      String tenant,
      String type,
      String key,
      String data,
      Instant receivedAt,
      boolean open,
      UUID cause,
      String traceparent) {}

  /** A wait for an event that is open. */
  record Waiting(byte[] tokenHash, UUID execution, String step) {}

  /** Keeps an event from outside that came with no trace. */
  default Kept put(UUID id, String tenant, String type, String key, String data) {
    return put(id, tenant, type, key, data, null);
  }

  /**
   * Keeps an event from outside unless there is one with that id.
   *
   * @param traceparent the trace that it belongs to; null if it belongs to none
   * @return the one that is kept then, ours or the earlier one
   */
  Kept put(UUID id, String tenant, String type, String key, String data, String traceparent);

  /** The event with that id. */
  Optional<Kept> find(UUID id);

  /**
   * Events of that type since then, oldest first.
   *
   * @param key null: any
   */
  List<Kept> since(String tenant, String type, String key, Instant since, int limit);

  /**
   * Open waits for that type and key, in the order of their hashes, after the given one.
   *
   * @param after empty for the first page
   */
  List<Waiting> waiting(String tenant, String type, String key, byte[] after, int limit);

  /** It has reached everybody who waited: the sweeper lets it rest. */
  void delivered(UUID id);

  /** It is done with, and nobody will ask for it. */
  void drop(UUID id);

  /**
   * Makes an id one that no execution can have any more, unless one has it: a start with the same
   * key is refused from then on.
   *
   * @return the execution that has used the key; empty if none had, and none ever will
   */
  Optional<UUID> forbid(String tenant, String source, String key, Duration keep);

  /** The wait with that approval's id; empty if there is none in that tenant. */
  Optional<Approval> approval(UUID id);

  /**
   * Something that people are asked to decide.
   *
   * @param about what they are shown, as compact JSON
   * @param closedAt null while it is open
   */
  record Approval(
      UUID id,
      String tenant,
      UUID execution,
      String step,
      String about,
      Instant openedAt,
      Instant closedAt) {}
}
