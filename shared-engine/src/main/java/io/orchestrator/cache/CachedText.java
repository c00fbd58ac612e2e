package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;

/**
 * One kind of texts of the tenants, kept for a while: plans, adapter definitions. A text with a
 * broken seal is a miss.
 */
public final class CachedText {
  /** Has no seal, so it is a miss. */
  private static final byte[] CHANGED = {0};

  /** Longer than anybody takes from reading a row to putting it here. */
  private static final Duration CHANGING = Duration.ofSeconds(5);

  private final Cache cache;
  private final Seal seal;
  private final String kind;
  private final Duration ttl;

  private CachedText(Cache cache, Seal seal, String kind, Duration ttl) {
    this.cache = cache;
    this.seal = seal;
    this.kind = kind;
    this.ttl = ttl;
  }

  /** Compiled plans by flow and version, for five minutes. */
  public static CachedText plans(Cache cache, Seal seal) {
    return new CachedText(cache, seal, "plan", Duration.ofMinutes(5));
  }

  /** Adapter definitions by name, for one minute. */
  public static CachedText adapters(Cache cache, Seal seal) {
    return new CachedText(cache, seal, "adapter", Duration.ofMinutes(1));
  }

  /** Circuits that somebody has opened, of each tenant, for a few seconds. */
  public static CachedText circuits(Cache cache, Seal seal) {
    return new CachedText(cache, seal, "circuits", Duration.ofSeconds(5));
  }

  public Optional<String> get(String tenant, String name) {
    String label = label(tenant, name);
    return seal.open(label, cache.get(label.getBytes(UTF_8)))
        .map(bytes -> new String(bytes, UTF_8));
  }

  public void put(String tenant, String name, String text) {
    String label = label(tenant, name);
    cache.put(label.getBytes(UTF_8), seal.close(label, text.getBytes(UTF_8)), ttl);
  }

  /** The same, unless the text is there or has changed in this moment. */
  public void putNew(String tenant, String name, String text) {
    String label = label(tenant, name);
    cache.putNew(label.getBytes(UTF_8), seal.close(label, text.getBytes(UTF_8)), ttl);
  }

  /**
   * Forgets a text that has changed; other processes see it at once, unless Redis is down: then
   * within the time to live. For a while nobody can put one with {@link #putNew}: whoever read the
   * old text just before the change would otherwise put it back.
   */
  public void forget(String tenant, String name) {
    cache.put(label(tenant, name).getBytes(UTF_8), CHANGED, CHANGING);
  }

  /** The tenant's length keeps {@code a/b + c} and {@code a + b/c} apart. */
  private String label(String tenant, String name) {
    return kind + ":" + tenant.length() + ":" + tenant + ":" + name;
  }
}
