package io.orchestrator.webhook;

import io.orchestrator.flow.Verify;
import java.security.PublicKey;
import java.util.Optional;

/**
 * HighLevel signs with a key of its own. While both of its signatures come, the newer one decides;
 * the older one counts only where a flow names its key.
 */
final class HighLevel {
  private static final String NOT_SIGNED = "N/A";

  private HighLevel() {}

  static Verdict check(Verify.GoHighLevel verify, Sent sent) {
    String newer = sent.header("x-ghl-signature");
    String older = sent.header("x-wh-signature");
    if (!newer.isEmpty() && !newer.equals(NOT_SIGNED)) {
      return check(PublicKeys.ED25519, verify.publicKey(), sent, newer);
    }
    return older.isEmpty() || verify.rsaPublicKey().isEmpty()
        ? Shared.none()
        : check(PublicKeys.RSA, verify.rsaPublicKey(), sent, older);
  }

  private static Verdict check(PublicKeys kind, String key, Sent sent, String signature) {
    Optional<PublicKey> read = kind.key(key);
    return read.isEmpty()
        ? new Verdict.Unready("The public key of the webhook is none")
        : Shared.verdict(kind.signed(read.get(), sent.body(), Macs.base64(signature)));
  }
}
