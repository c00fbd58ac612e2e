package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The state of running executions between two processes, by revision. It can be taken once: a
 * message that comes twice, or late, must not find what the first one has gone on from. Of another
 * tenant or with a broken seal it is a miss.
 */
public final class HotState {
  /** Shorter than a claim lasts: a hint that outlives its claim must not outlive the state, too. */
  private static final Duration TTL = Duration.ofMinutes(5);

  private static final int VALUE_BYTES_MAX = 1024 * 1024;

  private final Cache cache;
  private final Seal seal;

  public HotState(Cache cache, Seal seal) {
    this.cache = cache;
    this.seal = seal;
  }

  /** Keeps the state; one over 1 MiB is not kept, since reading it back saves nothing. */
  public void put(String tenant, UUID execution, int revision, byte[] state) {
    if (state.length <= VALUE_BYTES_MAX) {
      cache.put(
          key(execution, revision), seal.close(label(tenant, execution, revision), state), TTL);
    }
  }

  /** The state of exactly this revision, which then is gone. */
  public Optional<byte[]> take(String tenant, UUID execution, int revision) {
    return seal.open(label(tenant, execution, revision), cache.take(key(execution, revision)));
  }

  public void delete(UUID execution, int revision) {
    cache.delete(key(execution, revision));
  }

  private static byte[] key(UUID execution, int revision) {
    return ("state:" + execution + ":" + revision).getBytes(UTF_8);
  }

  private static String label(String tenant, UUID execution, int revision) {
    return "state/" + tenant + "/" + execution + "/" + revision;
  }
}
