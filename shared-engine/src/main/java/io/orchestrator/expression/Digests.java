package io.orchestrator.expression;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** What is derived by hashing. */
final class Digests {
  private Digests() {}

  /** The same for the same seed and number: a name-based UUID (RFC 9562, version 5) of the two. */
  static String uuid(String seed, int number) {
    byte[] digest = digest("SHA-1", "orchestrator/uuid/" + seed + "/" + number);
    long high = 0;
    long low = 0;
    for (int i = 0; i < 8; i++) {
      high = (high << 8) | (digest[i] & 0xFF);
      low = (low << 8) | (digest[i + 8] & 0xFF);
    }
    high = (high & ~0xF000L) | 0x5000L;
    low = (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /** The hexadecimal digest of a string, or of any other data's canonical JSON. */
  static String hash(Arguments a) {
    String algorithm =
        switch (a.has(1) ? a.text(1) : "sha256") {
          case "sha1" -> "SHA-1";
          case "sha256" -> "SHA-256";
          case "sha512" -> "SHA-512";
          default -> throw a.fault(1, "must be 'sha1', 'sha256' or 'sha512'");
        };
    Object value = Functions.bounded(a);
    String text = value instanceof String said ? said : Json.canonical(value);
    a.evaluation().read(text);
    return HexFormat.of().formatHex(digest(algorithm, text));
  }

  private static byte[] digest(String algorithm, String text) {
    try {
      return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
