package io.orchestrator.engine;

import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Callback tokens: derived from a key, never stored, recognised by their hash. */
public final class Callbacks {
  private static final String HMAC = "HmacSHA256";
  private static final char ATTEMPT = '.'; // no base64url, and fit for a path
  private final SecretKeySpec key;
  private final String publicUrl;

  /**
   * @param key at least 32 bytes
   * @param publicUrl where {@code /callbacks/{token}} is reached, without a slash at the end
   */
  public Callbacks(byte[] key, String publicUrl) {
    if (key.length < 32) {
      throw new IllegalArgumentException(
          "the callback key has " + key.length + " bytes, it needs 32");
    }
    this.key = new SecretKeySpec(key, HMAC);
    this.publicUrl = publicUrl;
  }

  /** What is sealed with the same secret. */
  Sealing sealing() {
    return new Sealing(key.getEncoded());
  }

  /**
   * The token of a step's wait: another for each iteration, which is part of the path. It is that
   * of the first attempt.
   */
  public String token(UUID execution, String path) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      byte[] bytes = mac.doFinal((execution + "|" + path).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + HMAC, e);
    }
  }

  /**
   * The token of one attempt of a step's wait: after the first one the number stands behind it, so
   * that an answer to an attempt that is over is not taken for one to the next.
   */
  String token(UUID execution, String path, int attempt) {
    String token = token(execution, path);
    return attempt <= 1 ? token : token + ATTEMPT + attempt;
  }

  /** Which attempt a token belongs to; 1 if it does not say. */
  static int attempt(String token) {
    String number = token.substring(token.indexOf(ATTEMPT) + 1);
    return token.indexOf(ATTEMPT) >= 0 && number.matches("[1-9][0-9]{0,8}")
        ? Integer.parseInt(number)
        : 1;
  }

  /** The token by which somebody who is asked may decide once. */
  public String link(UUID execution, String path, String person) {
    return token(execution, path + "|link|" + person);
  }

  /** The id of the approval that a step asks for. */
  public UUID approval(UUID execution, String path) {
    ByteBuffer bytes = ByteBuffer.wrap(hash(token(execution, path + "|approval")));
    long high = (bytes.getLong() & ~0xF000L) | 0x8000L; // version 8 (RFC 9562): our own bits
    long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /** Where somebody with a link sees what is to be decided. */
  public String linkUrl(UUID approval, String token) {
    return publicUrl + "/approvals/" + approval + "?link=" + token;
  }

  /** Where the answer to a token is sent. */
  public String url(String token) {
    return publicUrl + "/callbacks/" + token;
  }

  /** What is stored of a token. */
  public static byte[] hash(String token) {
    return sha256(token);
  }

  /** What is stored of an answer, to tell the same one from another. */
  static byte[] answerHash(Object answer, Failure failure) {
    Map<String, Object> both = new LinkedHashMap<>();
    both.put("answer", answer);
    both.put("failure", failure == null ? null : failure.toData());
    return sha256(Json.canonical(both));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
