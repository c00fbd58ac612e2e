package io.orchestrator.access;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens whose signature was found good a moment ago, with what they claim: a client sends the same
 * one with each request, and checking it costs more than the rest of the front. Safe for many
 * threads.
 */
final class Signed {
  /**
   * Much shorter than the issuer's keys are kept, so a withdrawn key is not trusted noticeably
   * longer.
   */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final int TOKENS_MAX = 500;

  private record Known(JWTClaimsSet claims, long checkedMillis) {}

  private final InstantSource clock;

  private final Map<String, Known> tokens =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > TOKENS_MAX;
        }
      };

  Signed(InstantSource clock) {
    this.clock = clock;
  }

  /** The claims of a token that was checked a moment ago, null else. */
  synchronized JWTClaimsSet get(String token) {
    Known known = tokens.get(token);
    long age = known == null ? -1 : clock.millis() - known.checkedMillis();
    return age >= 0 && age < KEPT.toMillis() ? known.claims() : null;
  }

  synchronized void put(String token, JWTClaimsSet claims) {
    tokens.put(token, new Known(claims, clock.millis()));
  }
}
