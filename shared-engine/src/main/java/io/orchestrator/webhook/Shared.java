package io.orchestrator.webhook;

import io.orchestrator.flow.Verify;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Schemes in which sender and receiver share a secret. */
final class Shared {
  private static final Verdict GENUINE = new Verdict.Genuine();
  private static final Verdict NONE = new Verdict.Forged("there is no signature");
  private static final Verdict WRONG = new Verdict.Forged("the signature is wrong");
  private static final Verdict STALE = new Verdict.Forged("its time is too far from now, or none");
  private static final Pattern DATED = Pattern.compile("\\s*t=");
  private static final Pattern RETELL = Pattern.compile("v=([0-9]{1,15}),d=([0-9a-fA-F]{64})");

  private Shared() {}

  static Verdict hmac(Verify.Hmac hmac, Sent sent, Keys keys) {
    String given = sent.header(hmac.header().toLowerCase(Locale.ROOT));
    if (given.isEmpty()) {
      return NONE;
    }
    boolean mayBeDated = hmac.timestamp().isEmpty() && hmac.tolerance() != null;
    if (mayBeDated && DATED.matcher(given).lookingAt()) {
      return dated(given, hmac.algorithm(), hmac.tolerance(), sent, keys);
    }
    if (mayBeDated && sent.beginsLikeATime()) {
      return STALE; // what was signed with its time could be shown again as a body without one
    }
    String time = "";
    if (!hmac.timestamp().isEmpty()) {
      time = sent.header(hmac.timestamp().toLowerCase(Locale.ROOT));
      if (!sent.isFreshInEither(time, hmac.tolerance())) {
        return STALE;
      }
    }
    String signed = hmac.signed().replace("{timestamp}", time);
    int body = signed.indexOf("{body}");
    byte[] message =
        sent.around(signed.substring(0, body), signed.substring(body + "{body}".length()));
    byte[] signature = signature(hmac, given);
    return verdict(Macs.match(hmac.algorithm().mac(), keys.plain(), message, List.of(signature)));
  }

  /** Behind its prefix, in hexadecimal or base64: their lengths tell them apart. */
  private static byte[] signature(Verify.Hmac hmac, String given) {
    String usual = hmac.algorithm().name().toLowerCase(Locale.ROOT) + "=";
    String prefix = hmac.prefix().isEmpty() ? usual : hmac.prefix();
    boolean prefixed = given.startsWith(prefix);
    if (!prefixed && !hmac.prefix().isEmpty()) {
      return new byte[0];
    }
    String text = prefixed ? given.substring(prefix.length()).strip() : given;
    byte[] hex = Macs.hex(text);
    return hex.length > 0 && hex.length == length(hmac.algorithm()) ? hex : Macs.base64(text);
  }

  private static int length(Verify.Algorithm algorithm) {
    return switch (algorithm) {
      case SHA1 -> 20;
      case SHA256 -> 32;
      case SHA384 -> 48;
      case SHA512 -> 64;
    };
  }

  static Verdict github(Sent sent, Keys keys) {
    String given = sent.header("x-hub-signature-256");
    if (!given.startsWith("sha256=")) {
      return NONE;
    }
    byte[] signature = Macs.hex(given.substring("sha256=".length()));
    return verdict(Macs.match(Macs.SHA256, keys.plain(), sent.body(), List.of(signature)));
  }

  static Verdict stripe(Verify.Stripe stripe, Sent sent, Keys keys) {
    String given = sent.header(stripe.header().toLowerCase(Locale.ROOT));
    return dated(given, Verify.Algorithm.SHA256, stripe.tolerance(), sent, keys);
  }

  /** {@code t=...,v1=...}; a sender that is replacing its secret sends a {@code v1} for each. */
  private static Verdict dated(
      String given, Verify.Algorithm algorithm, Duration tolerance, Sent sent, Keys keys) {
    List<String> times = new ArrayList<>();
    List<byte[]> signatures = new ArrayList<>();
    for (String part : given.split(",", -1)) {
      String item = part.strip();
      if (item.startsWith("t=")) {
        times.add(item.substring("t=".length()));
      } else if (item.startsWith("v1=")) {
        signatures.add(Macs.hex(item.substring("v1=".length())));
      }
    }
    if (times.size() != 1 || signatures.isEmpty()) {
      return NONE;
    }
    if (!sent.isFresh(times.getFirst(), tolerance)) {
      return STALE;
    }
    byte[] message = sent.around(times.getFirst() + ".", "");
    return verdict(Macs.match(algorithm.mac(), keys.plain(), message, signatures));
  }

  static Verdict slack(Verify.Slack slack, Sent sent, Keys keys) {
    String given = sent.header("x-slack-signature");
    if (!given.startsWith("v0=")) {
      return NONE;
    }
    String time = sent.header("x-slack-request-timestamp");
    if (!sent.isFresh(time, slack.tolerance())) {
      return STALE;
    }
    byte[] message = sent.around("v0:" + time + ":", "");
    byte[] signature = Macs.hex(given.substring("v0=".length()));
    return verdict(Macs.match(Macs.SHA256, keys.plain(), message, List.of(signature)));
  }

  static Verdict retell(Verify.Retell retell, Sent sent, Keys keys) {
    Matcher given = RETELL.matcher(sent.header("x-retell-signature"));
    if (!given.matches()) {
      return NONE;
    }
    String millis = given.group(1);
    if (!sent.isFreshInMillis(millis, retell.tolerance())) {
      return STALE;
    }
    byte[] message = sent.around("", millis);
    byte[] signature = Macs.hex(given.group(2));
    return verdict(Macs.match(Macs.SHA256, keys.plain(), message, List.of(signature)));
  }

  static Verdict verdict(boolean genuine) {
    return genuine ? GENUINE : WRONG;
  }

  static Verdict none() {
    return NONE;
  }

  static Verdict stale() {
    return STALE;
  }
}
