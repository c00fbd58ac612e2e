package io.orchestrator.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Binds a value to a label (whose it is, which revision) by an HMAC, so that a value under the
 * wrong key, cut, changed or planted is not opened. It does not encrypt. Safe for many threads.
 */
public final class Seal {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte SHAPE = 1;
  private static final int MAC_BYTES = 32;
  private static final int KEY_BYTES_MIN = 16;

  private final SecretKeySpec key;

  /** The key is derived, so that the same secret may also sign other things. */
  public Seal(byte[] secret) {
    if (secret.length < KEY_BYTES_MIN) {
      throw new IllegalArgumentException(
          "The key of the cache's seal needs at least " + KEY_BYTES_MIN + " bytes");
    }
    this.key =
        new SecretKeySpec(
            mac(new SecretKeySpec(secret, ALGORITHM), "orchestrator/cache", new byte[0]),
            ALGORITHM);
  }

  byte[] close(String label, byte[] value) {
    byte[] mac = mac(key, label, value);
    return ByteBuffer.allocate(1 + MAC_BYTES + value.length).put(SHAPE).put(mac).put(value).array();
  }

  /** The value, if it was closed under this label; {@code stored} may be null. */
  Optional<byte[]> open(String label, byte[] stored) {
    if (stored == null || stored.length < 1 + MAC_BYTES || stored[0] != SHAPE) {
      return Optional.empty();
    }
    byte[] mac = Arrays.copyOfRange(stored, 1, 1 + MAC_BYTES);
    byte[] value = Arrays.copyOfRange(stored, 1 + MAC_BYTES, stored.length);
    return MessageDigest.isEqual(mac, mac(key, label, value))
        ? Optional.of(value)
        : Optional.empty();
  }

  private static byte[] mac(SecretKeySpec key, String label, byte[] value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] name = label.getBytes(UTF_8);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
      mac.update(name);
      return mac.doFinal(value);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
    }
  }
}
