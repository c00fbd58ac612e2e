package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The latest state of running executions, by revision; of another tenant or revision, or with a
 * broken seal, it is a miss.
 */
public final class HotState {
  private static final Duration TTL = Duration.ofHours(1);
  private static final int VALUE_BYTES_MAX = 1024 * 1024;

  private final Cache cache;
  private final Seal seal;

  public HotState(Cache cache, Seal seal) {
    this.cache = cache;
    this.seal = seal;
  }

  /**
   * Keeps the state, replacing an earlier one; a state over 1 MiB is only dropped, since reading it
   * back saves nothing.
   */
  public void put(String tenant, UUID execution, int revision, byte[] state) {
    if (state.length > VALUE_BYTES_MAX) {
      delete(execution);
    } else {
      cache.put(key(execution), seal.close(label(tenant, execution, revision), state), TTL);
    }
  }

  /** The state of exactly this revision. */
  public Optional<byte[]> get(String tenant, UUID execution, int revision) {
    return seal.open(label(tenant, execution, revision), cache.get(key(execution)));
  }

  public void delete(UUID execution) {
    cache.delete(key(execution));
  }

  private static byte[] key(UUID execution) {
    return ("state:" + execution).getBytes(UTF_8);
  }

  private static String label(String tenant, UUID execution, int revision) {
    return "state/" + tenant + "/" + execution + "/" + revision;
  }
}
