package io.orchestrator.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's public keys, cached. They are fetched again when old, or when a token names an
 * unknown key, but at most every five seconds; while the issuer is down the last good set keeps
 * serving. Safe for many threads.
 */
final class KeySet implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeySet.class);
  private static final Duration FRESH_MAX = Duration.ofMinutes(10);
  private static final Duration FETCH_EVERY_MIN = Duration.ofSeconds(5);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(3);
  private static final int BODY_BYTES_MAX = 256 * 1024;

  private final URI address;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Known known = new Known(List.of(), Long.MIN_VALUE);
  private volatile long triedAtMillis = Long.MIN_VALUE;
  private boolean failing;
  private HttpClient http;

  private record Known(List<JWK> keys, long atMillis) {}

  KeySet(URI address, InstantSource clock) {
    this.address = address;
    this.clock = clock;
  }

  /**
   * The keys to check a token with; fetched first if there are none, they are old, or {@code kid}
   * (may be null) is not among them.
   */
  List<JWK> keysFor(String kid) {
    Known now = known;
    if (isStale(now) || misses(now, kid)) {
      refresh(kid);
    }
    return known.keys();
  }

  /** Is there nothing at all to check a token with? */
  boolean isEmpty() {
    return known.keys().isEmpty();
  }

  @Override
  public void close() {
    fetching.lock();
    try {
      if (http != null) {
        http.close();
        http = null;
      }
    } finally {
      fetching.unlock();
    }
  }

  /**
   * A stale set is good enough while another thread fetches; an unknown key or an empty set has to
   * wait for it.
   */
  private void refresh(String kid) {
    if (known.keys().isEmpty() || misses(known, kid)) {
      fetching.lock();
    } else if (!fetching.tryLock()) {
      return;
    }
    try {
      if ((isStale(known) || misses(known, kid)) && mayTry()) {
        triedAtMillis = clock.millis();
        fetch();
      }
    } finally {
      fetching.unlock();
    }
  }

  private void fetch() {
    try {
      List<JWK> keys = JWKSet.parse(download()).getKeys();
      known = new Known(List.copyOf(keys), clock.millis());
      if (failing) {
        log.info("The issuer's keys can be fetched again from {}", address);
      }
      failing = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      noteFailure(e);
    } catch (IOException | ParseException e) {
      noteFailure(e);
    }
  }

  private void noteFailure(Exception e) {
    if (!failing) {
      log.warn(
          "The issuer's keys cannot be fetched from {}; {} known keys go on serving",
          address,
          known.keys().size(),
          e);
    }
    failing = true;
  }

  private String download() throws IOException, InterruptedException {
    if (http == null) {
      http =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_MAX)
              .followRedirects(HttpClient.Redirect.NEVER)
              .version(HttpClient.Version.HTTP_1_1)
              .build();
    }
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Accept", "application/json").build();
    HttpResponse<byte[]> answer =
        await(
            http.sendAsync(
                request,
                HttpResponse.BodyHandlers.limiting(
                    HttpResponse.BodyHandlers.ofByteArray(), BODY_BYTES_MAX)));
    if (answer.statusCode() != 200) {
      throw new IOException("The issuer answered " + answer.statusCode());
    }
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** Bounds the whole answer; a request's own timeout would end with its headers. */
  private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
    try {
      return answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("No whole answer within " + ANSWER_MAX, e);
    }
  }

  private boolean mayTry() {
    return triedAtMillis == Long.MIN_VALUE
        || Math.abs(clock.millis() - triedAtMillis) >= FETCH_EVERY_MIN.toMillis();
  }

  private boolean isStale(Known of) {
    return of.atMillis() == Long.MIN_VALUE
        || Math.abs(clock.millis() - of.atMillis()) > FRESH_MAX.toMillis();
  }

  private static boolean misses(Known of, String kid) {
    return kid != null && of.keys().stream().noneMatch(key -> kid.equals(key.getKeyID()));
  }
}
