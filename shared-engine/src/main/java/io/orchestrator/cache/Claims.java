package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.UUID;
import redis.clients.jedis.params.SetParams;

/**
 * Keeps a doubled message from doubling a call: the first to claim a revision of an execution wins
 * it.
 */
public final class Claims {
  private static final byte[] TAKEN = {'1'};
  private final Cache cache;

  public Claims(Cache cache) {
    this.cache = cache;
  }

  /**
   * Claims this revision for {@code ttl}; longer than a doubled message may come late, shorter than
   * anybody would wait.
   */
  public Claim take(UUID execution, int revision, Duration ttl) {
    SetParams ifAbsent = SetParams.setParams().nx().px(ttl.toMillis());
    return cache.ask(
        redis ->
            redis.set(key(execution, revision), TAKEN, ifAbsent) == null ? Claim.LOST : Claim.WON,
        Claim.UNKNOWN);
  }

  /** Gives the revision back, for a message that could not be worked on and will come again. */
  public void release(UUID execution, int revision) {
    cache.delete(key(execution, revision));
  }

  private static byte[] key(UUID execution, int revision) {
    return ("claim:" + execution + ":" + revision).getBytes(UTF_8);
  }
}
