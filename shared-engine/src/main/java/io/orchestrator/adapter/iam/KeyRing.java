package io.orchestrator.adapter.iam;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The public keys of issuers, kept for ten minutes. They are fetched again when they are old or a
 * token names an unknown one, but at most every five seconds; while an issuer is away its last good
 * keys serve for an hour. Any number of threads.
 */
final class KeyRing {
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration SERVING = Duration.ofHours(1);
  private static final Duration FETCH_EVERY_MIN = Duration.ofSeconds(5);
  private static final int ISSUERS_MAX = 200;

  private final HttpType http;

  private final Map<Source, Ring> rings =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Ring> eldest) {
          return size() > ISSUERS_MAX;
        }
      };

  KeyRing(HttpType http) {
    this.http = http;
  }

  /** What a look at the ring gives. */
  sealed interface Found {}

  /**
   * Keys to check with.
   *
   * @param issuer what tokens must name as theirs
   */
  record Keys(String issuer, List<JWK> keys) implements Found {}

  /** There are none now. */
  record Away(Failure failure) implements Found {}

  /** A definition that says something else has keys of its own. */
  private record Source(String tenant, Map<String, Object> definition) {}

  /** The keys of one issuer; null before the first were fetched. */
  private static final class Ring {
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Keys keys;
    private volatile Instant at = Instant.MIN;
    private volatile Instant tried = Instant.MIN;

    boolean isOld(Instant now, Duration age) {
      return keys == null || now.isAfter(at.plus(age));
    }

    boolean misses(String kid) {
      return kid != null
          && keys != null
          && keys.keys().stream().noneMatch(key -> kid.equals(key.getKeyID()));
    }
  }

  /** The keys for a token that names {@code kid}, or null. */
  Found keys(Invocation invocation, String kid) {
    Ring ring;
    synchronized (rings) {
      ring =
          rings.computeIfAbsent(
              new Source(invocation.call().tenant(), invocation.definition().data()),
              source -> new Ring());
    }
    Instant now = invocation.now();
    if (!ring.isOld(now, FRESH) && !ring.misses(kid)) {
      return ring.keys;
    }
    ring.fetching.lock();
    try {
      boolean good = !ring.isOld(now, FRESH) && !ring.misses(kid);
      boolean tried = now.isBefore(ring.tried.plus(FETCH_EVERY_MIN));
      if (good || (tried && !ring.isOld(now, SERVING))) {
        return ring.keys;
      }
      ring.tried = now;
      Found fetched = new Fetch(invocation).keys();
      if (fetched instanceof Keys keys) {
        ring.keys = keys;
        ring.at = now;
      }
      return fetched instanceof Away && !ring.isOld(now, SERVING) ? ring.keys : fetched;
    } finally {
      ring.fetching.unlock();
    }
  }

  /** One way to the keys: the discovery document, unless the definition says where they are. */
  private final class Fetch {
    private final Invocation invocation;
    private final Definition definition;
    private final long deadlineNanos;

    Fetch(Invocation invocation) {
      this.invocation = invocation;
      this.definition = invocation.definition();
      this.deadlineNanos = System.nanoTime() + invocation.timeout().toNanos();
    }

    Found keys() {
      String base = definition.baseUrl().toString();
      String issuer = Objects.toString(definition.settings().get("issuer"), base);
      if (definition.settings().get("jwks_uri") instanceof String uri) {
        return keysAt(issuer, uri);
      }
      Object discovered =
          json(base + Objects.toString(definition.settings().get("discovery"), ""), "discovery");
      if (discovered instanceof Away away) {
        return away;
      }
      if (!(discovered instanceof Map<?, ?> document)
          || !(document.get("issuer") instanceof String named)
          || !(document.get("jwks_uri") instanceof String uri)) {
        return away("its discovery document names no issuer or no jwks_uri", false);
      }
      if (!isSame(issuer, named)) {
        return away("its discovery document is of another issuer", false);
      }
      return isNear(uri)
          ? keysAt(named, uri)
          : away(
              "its keys are on another host; if that is right, name it as settings.jwks_uri",
              false);
    }

    private Found keysAt(String issuer, String uri) {
      Object fetched = json(uri, "key set");
      if (fetched instanceof Away away) {
        return away;
      }
      try {
        return new Keys(issuer, List.copyOf(JWKSet.parse(Json.write(fetched)).getKeys()));
      } catch (ParseException | IllegalArgumentException broken) {
        return away("its key set cannot be read", false);
      }
    }

    /** The document, or {@link Away}. No credentials go with the question: both are public. */
    private Object json(String address, String what) {
      URI uri;
      try {
        uri = URI.create(address);
      } catch (IllegalArgumentException notOne) {
        return away("the address of its " + what + " is no URL", false);
      }
      Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
      Reply reply =
          http.send(
              new Exchange.Request(
                  "GET",
                  uri,
                  Map.of("Accept", "application/json"),
                  null,
                  left.isPositive() ? left : Duration.ofMillis(1),
                  definition.allow()),
              invocation);
      return switch (reply) {
        case Reply.Failed failed -> new Away(failed.failure());
        case Reply.Answered answered when answered.status() == 200 ->
            answered.body() instanceof String text ? parsed(text, what) : answered.body();
        case Reply.Answered answered ->
            away(
                "its " + what + " answered " + answered.status(),
                answered.status() >= 500 || answered.status() == 429);
      };
    }

    /** A key set may be served as a file, without the type of JSON. */
    private Object parsed(String text, String what) {
      try {
        return Json.read(text);
      } catch (JsonException notOne) {
        return away("its " + what + " is no JSON", false);
      }
    }

    private Away away(String why, boolean temporary) {
      String message = "tokens cannot be checked by " + definition.adapter() + ": " + why;
      return new Away(
          temporary
              ? Failure.temporary("adapter_unavailable", message)
              : Failure.fatal("adapter_error", message));
    }

    /** Whether what a document names is where the definition leads. */
    private boolean isNear(String address) {
      try {
        URI uri = URI.create(address);
        URI base = definition.baseUrl();
        return base.getScheme().equalsIgnoreCase(uri.getScheme())
            && base.getHost().equalsIgnoreCase(uri.getHost())
            && base.getPort() == uri.getPort();
      } catch (IllegalArgumentException notOne) {
        return false;
      }
    }

    private static boolean isSame(String issuer, String named) {
      return trimmed(issuer).equals(trimmed(named));
    }

    /** A base_url loses its slash at the end, an issuer's name may have one. */
    private static String trimmed(String issuer) {
      return issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    }
  }
}
