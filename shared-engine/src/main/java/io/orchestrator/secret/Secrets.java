package io.orchestrator.secret;

import io.orchestrator.secret.SecretLookup.Found;
import io.orchestrator.secret.SecretLookup.Missing;
import io.orchestrator.secret.SecretLookup.Unavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Secrets by name, kept for five minutes. While their source is down the last value serves for up
 * to an hour. Safe for many threads.
 */
public final class Secrets implements AutoCloseable {
  private static final Duration FRESH_MAX = Duration.ofMinutes(5);
  private static final Duration MISSING_MAX = Duration.ofSeconds(10);
  private static final Duration STALE_MAX = Duration.ofHours(1);
  private static final int KEPT_MAX = 1_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

  private final SecretSource source;
  private final Set<String> systemNames;
  private final InstantSource clock;
  private final Map<Key, Kept> kept = new ConcurrentHashMap<>();

  /** Whose secret: a tenant's, or with an empty tenant the system's. */
  private record Key(String tenant, String name) {}

  private record Kept(SecretLookup answer, long atMillis) {}

  /**
   * @param systemNames the only names that {@link #system} reads
   */
  public Secrets(SecretSource source, Set<String> systemNames, InstantSource clock) {
    this.source = source;
    this.systemNames = Set.copyOf(systemNames);
    this.clock = clock;
  }

  /**
   * A tenant's secret. A name that is none of letters, digits and {@code _ . -} is missing, and
   * nothing is asked.
   */
  public SecretLookup value(String tenant, String name) {
    return NAME.matcher(tenant).matches() && NAME.matcher(name).matches()
        ? remembered(new Key(tenant, name))
        : new Missing("This is not a secret's name: 1 to 128 letters, digits, or any of _ . - are");
  }

  /** A secret of the system itself: the database's password, the key of callbacks. */
  public SecretLookup system(String name) {
    if (!systemNames.contains(name)) {
      throw new IllegalArgumentException(
          "The secret " + name + " was not declared as one of the system's");
    }
    return remembered(new Key("", name));
  }

  /** Asks the source again at next use: after a password was refused, it may have been rotated. */
  public void forgetSystem(String name) {
    kept.remove(new Key("", name));
  }

  @Override
  public void close() {
    kept.clear();
    source.close();
  }

  private SecretLookup remembered(Key key) {
    Kept known = kept.get(key);
    if (known != null && age(known) < freshMillis(known.answer())) {
      return known.answer();
    }
    SecretLookup answer =
        key.tenant().isEmpty()
            ? source.ofSystem(key.name())
            : source.ofTenant(key.tenant(), key.name());
    if (answer instanceof Unavailable) {
      return known != null && known.answer() instanceof Found && age(known) < STALE_MAX.toMillis()
          ? known.answer()
          : answer;
    }
    if (kept.size() >= KEPT_MAX) {
      kept.clear();
    }
    kept.put(key, new Kept(answer, clock.millis()));
    return answer;
  }

  private long age(Kept known) {
    return Math.abs(clock.millis() - known.atMillis());
  }

  private static long freshMillis(SecretLookup answer) {
    return switch (answer) {
      case Found _ -> FRESH_MAX.toMillis();
      case Missing _ -> MISSING_MAX.toMillis();
      case Unavailable _ -> 0;
    };
  }
}
