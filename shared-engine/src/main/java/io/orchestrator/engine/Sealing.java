package io.orchestrator.engine;

import io.orchestrator.execution.Masked;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what is masked in lines of the history (AES-256-GCM), so that it is stored, cached and
 * handed over, but never in clear. The nonce is derived from what is sealed, so the same line
 * sealed again is the same; a seal opens for its own execution alone. Safe for use by many threads.
 */
final class Sealing {
  private static final String HMAC = "HmacSHA256";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String SHAPE = "v1.";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final byte[] secret;

  /** The keys are derived, so that the same secret may also sign other things. */
  Sealing(byte[] secret) {
    this.secret = mac(secret, "orchestrator/mask", new byte[0]);
  }

  /** The data of a covered line with what is hidden sealed; any other as it is. */
  String close(UUID execution, String data) {
    if (!mayHold(data, Masked.HIDDEN)) {
      return data;
    }
    Map<String, Object> line = map(Json.readStored(data));
    if (!line.containsKey(Masked.HIDDEN)) {
      return data;
    }
    byte[] plain = Json.write(line.remove(Masked.HIDDEN)).getBytes(StandardCharsets.UTF_8);
    line.put(Masked.SEALED, close(execution, plain));
    return Json.write(line);
  }

  /**
   * The data of a line with what is sealed in it opened.
   *
   * @throws UntrustedState when it was sealed with another key, for another execution, or changed
   */
  String open(UUID execution, String data) {
    if (!mayHold(data, Masked.SEALED)) {
      return data;
    }
    Map<String, Object> line = map(Json.readStored(data));
    if (!(line.remove(Masked.SEALED) instanceof String sealed)) {
      return data;
    }
    line.put(Masked.HIDDEN, Json.readStored(opened(execution, sealed)));
    return Json.write(line);
  }

  /** A line as it may be shown to anybody who may see the execution. */
  static Stored.Line shown(Stored.Line line) {
    if (!mayHold(line.data(), Masked.SEALED)) {
      return line;
    }
    Map<String, Object> data = map(Json.readStored(line.data()));
    return data.remove(Masked.SEALED) == null ? line : with(line, Json.write(data));
  }

  /** The data of a line as it was before it was covered. */
  Map<String, Object> truth(UUID execution, String data) {
    return Masked.lifted(map(Json.readStored(open(execution, data))));
  }

  /** A line as it was before anything in it was covered. */
  Stored.Line revealed(UUID execution, Stored.Line line) {
    return mayHold(line.data(), Masked.SEALED)
        ? with(line, Json.write(truth(execution, line.data())))
        : line;
  }

  Stored.Line opened(UUID execution, Stored.Line line) {
    return with(line, open(execution, line.data()));
  }

  private static Stored.Line with(Stored.Line line, String data) {
    return new Stored.Line(
        line.revision(), line.at(), line.event(), line.step(), line.attempt(), data, line.due());
  }

  /** Saves reading lines that cannot hold it. */
  private static boolean mayHold(String data, String key) {
    return data.contains("\"" + key + "\"");
  }

  private String close(UUID execution, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(mac(secret, execution.toString(), plain), 0, nonce, 0, NONCE_BYTES);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, execution, nonce, plain);
    byte[] all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return SHAPE + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  private String opened(UUID execution, String sealed) {
    try {
      if (!sealed.startsWith(SHAPE)) {
        throw new IllegalArgumentException("the seal has an unknown shape");
      }
      ByteBuffer all =
          ByteBuffer.wrap(Base64.getUrlDecoder().decode(sealed.substring(SHAPE.length())));
      byte[] nonce = new byte[NONCE_BYTES];
      all.get(nonce);
      byte[] rest = new byte[all.remaining()];
      all.get(rest);
      return new String(run(Cipher.DECRYPT_MODE, execution, nonce, rest), StandardCharsets.UTF_8);
    } catch (IllegalStateException | IllegalArgumentException | JsonException broken) {
      throw new UntrustedState("what is masked in " + execution + " cannot be unsealed", broken);
    }
  }

  private byte[] run(int mode, UUID execution, byte[] nonce, byte[] data) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(execution.toString().getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the seal is broken or of another key", e);
    }
  }

  private static byte[] mac(byte[] key, String label, byte[] value) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update(label.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(value);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + HMAC, e);
    }
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((key, each) -> map.put((String) key, each));
    return map;
  }
}
