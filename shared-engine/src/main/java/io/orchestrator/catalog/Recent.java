package io.orchestrator.catalog;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What this process read lately: a bounded number of values, each for a while. Safe for use by many
 * threads.
 */
final class Recent<K, V> {
  private record Kept<V>(V value, long readAtNanos) {}

  private final long keptNanos;
  private final Map<K, Kept<V>> entries;

  Recent(int sizeMax, Duration kept) {
    this.keptNanos = kept.toNanos();
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > sizeMax;
          }
        };
  }

  /**
   * The value, read anew if it is not here or too old. Two threads may read it at once; a value of
   * null is not kept.
   */
  V get(K key, Supplier<V> read) {
    long now = System.nanoTime();
    synchronized (entries) {
      Kept<V> known = entries.get(key);
      if (known != null && now - known.readAtNanos() < keptNanos) {
        return known.value();
      }
    }
    V value = read.get();
    if (value != null) {
      synchronized (entries) {
        entries.put(key, new Kept<>(value, now));
      }
    }
    return value;
  }

  void forget(K key) {
    synchronized (entries) {
      entries.remove(key);
    }
  }
}
