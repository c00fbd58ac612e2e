package io.orchestrator.webhook;

import io.orchestrator.flow.Verify;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Standard Webhooks: {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature},
 * or the same names with {@code svix-}, under which they began.
 */
final class Standard {
  private static final Pattern ID = Pattern.compile("[!-~]{1,256}");

  private Standard() {}

  /** Which names the headers of a request have. */
  static String family(Sent sent) {
    return sent.header("webhook-signature").isEmpty() ? "svix-" : "webhook-";
  }

  static Verdict check(Verify.StandardWebhooks standard, Sent sent, Keys keys) {
    String family = family(sent);
    String id = sent.header(family + "id");
    String time = sent.header(family + "timestamp");
    List<byte[]> shared = new ArrayList<>();
    List<byte[]> own = new ArrayList<>();
    for (String part : sent.header(family + "signature").split(" ", -1)) {
      if (part.startsWith("v1,")) {
        shared.add(Macs.base64(part.substring("v1,".length())));
      } else if (part.startsWith("v1a,")) {
        own.add(Macs.base64(part.substring("v1a,".length())));
      }
    }
    if (!ID.matcher(id).matches() || (shared.isEmpty() && own.isEmpty())) {
      return Shared.none();
    }
    if (!sent.isFresh(time, standard.tolerance())) {
      return Shared.stale();
    }
    byte[] message = sent.around(id + "." + time + ".", "");
    return Shared.verdict(
        Macs.match(Macs.SHA256, keys.standard(), message, shared)
            || signed(standard.publicKeys(), message, own));
  }

  private static boolean signed(List<String> keys, byte[] message, List<byte[]> signatures) {
    for (String text : keys) {
      PublicKey key = PublicKeys.ofWebhooks(text).orElse(null);
      if (key != null
          && signatures.stream().anyMatch(one -> PublicKeys.ED25519.signed(key, message, one))) {
        return true;
      }
    }
    return false;
  }
}
