package io.orchestrator.functions;

import io.orchestrator.store.Commit;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/** What makes a request happen once: the client's key and the hash of what it asked for. */
final class IdempotencyKeys {
  private IdempotencyKeys() {}

  /** The {@code Idempotency-Key} header; empty if there is none. */
  static String read(Request request) {
    String key = request.header("idempotency-key");
    boolean printable = key.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (key.length() > Limits.IDEMPOTENCY_KEY_CHARS_MAX || !printable) {
      String rule =
          "Idempotency-Key has at most "
              + Limits.IDEMPOTENCY_KEY_CHARS_MAX
              + " printable ASCII characters";
      throw Refusal.invalid("bad_idempotency_key", rule, "");
    }
    if (key.isEmpty() && request.headers().containsKey("idempotency-key")) {
      throw Refusal.invalid("bad_idempotency_key", "Idempotency-Key is empty", "");
    }
    return key;
  }

  /** A key of that source, null for an empty one. */
  static Commit.IdempotencyKey of(
      String source, String key, String canonicalRequest, Duration kept) {
    return key.isEmpty()
        ? null
        : new Commit.IdempotencyKey(source, key, sha256(canonicalRequest), kept);
  }

  static Refusal reused() {
    return new Refusal(
        422, "idempotency_key_reused", "The Idempotency-Key was used before for another request");
  }

  /** What a request is compared by. */
  static byte[] hash(String canonicalRequest) {
    return sha256(canonicalRequest);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
