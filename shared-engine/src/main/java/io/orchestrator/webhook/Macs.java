package io.orchestrator.webhook;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Compares signatures that are made with a shared secret, in a time that says nothing of them. */
final class Macs {
  static final String SHA256 = "HmacSHA256";

  private Macs() {}

  /** Whether any of the signatures is what any of the keys makes of a message. */
  static boolean match(
      String algorithm, List<byte[]> keys, byte[] message, List<byte[]> signatures) {
    boolean match = false;
    for (byte[] key : keys) {
      byte[] right = of(algorithm, key, message);
      for (byte[] signature : signatures) {
        match |= MessageDigest.isEqual(right, signature);
      }
    }
    return match;
  }

  static byte[] of(String algorithm, byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }

  /** Bytes in hexadecimal; none at all if the text is something else. */
  static byte[] hex(String text) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** Bytes in base64, of either alphabet; none at all if the text is something else. */
  static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
