package io.orchestrator.webhook;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signatures that are made with a private key. */
enum PublicKeys {
  ED25519("Ed25519", "Ed25519"),
  RSA("RSA", "SHA256withRSA");

  private static final Logger LOG = LoggerFactory.getLogger(PublicKeys.class);

  /** What makes the 32 bytes of a key an X.509 key (RFC 8410, 4). */
  private static final byte[] ED25519_BEGIN = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String family;
  private final String algorithm;

  PublicKeys(String family, String algorithm) {
    this.family = family;
    this.algorithm = algorithm;
  }

  /** A key as PEM, or the base64 inside it; empty if it is none of this kind. */
  Optional<PublicKey> key(String text) {
    String inside = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
    return key(Macs.base64(inside));
  }

  /** The key of Standard Webhooks, {@code whpk_} and the 32 bytes in base64. */
  static Optional<PublicKey> ofWebhooks(String text) {
    byte[] bytes = Base64.getDecoder().decode(text.substring("whpk_".length()));
    byte[] whole = new byte[ED25519_BEGIN.length + bytes.length];
    System.arraycopy(ED25519_BEGIN, 0, whole, 0, ED25519_BEGIN.length);
    System.arraycopy(bytes, 0, whole, ED25519_BEGIN.length, bytes.length);
    return ED25519.key(whole);
  }

  private Optional<PublicKey> key(byte[] encoded) {
    try {
      return Optional.of(
          KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      LOG.warn("A webhook's public key is no {} key: {}", family, e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether that key has signed the message. */
  boolean signed(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance(algorithm);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // it has not the form of a signature
    }
  }
}
