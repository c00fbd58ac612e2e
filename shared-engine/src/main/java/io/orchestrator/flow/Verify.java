package io.orchestrator.flow;

import java.time.Duration;
import java.util.List;

/** How whoever sends a request to a webhook shows who they are. Secrets are named, never held. */
public sealed interface Verify {

  /** By a bearer token of the tenant that may execute the flow. */
  record Token() implements Verify {}

  /** By nothing: anybody may send. */
  record Open() implements Verify {}

  /**
   * By an HMAC of the body, as most services make one.
   *
   * @param secrets names; any of them will do
   * @param header that holds the signature, in hexadecimal or base64
   * @param prefix what stands before the signature in the header; empty: nothing, or the name of
   *     the algorithm and an equals sign
   * @param timestamp the header that holds the time, in seconds or milliseconds since 1970; empty:
   *     none does
   * @param signed what is signed, with {@code {body}} and {@code {timestamp}} to be put in
   * @param tolerance how far the time may be from ours, before and after; null: there is no time.
   *     Without a header for it, the time may stand before the signature: {@code t=...,v1=...} of
   *     time, dot and body
   */
  record Hmac(
      List<String> secrets,
      String header,
      Algorithm algorithm,
      String prefix,
      String timestamp,
      String signed,
      Duration tolerance)
      implements Verify {}

  /**
   * As <a href="https://www.standardwebhooks.com">Standard Webhooks</a> say.
   *
   * @param publicKeys of senders that sign with Ed25519, {@code whpk_...}
   */
  record StandardWebhooks(List<String> secrets, List<String> publicKeys, Duration tolerance)
      implements Verify {}

  /** As GitHub does: {@code X-Hub-Signature-256}. */
  record GitHub(List<String> secrets) implements Verify {}

  /** As Stripe does, and others under another header: {@code t=...,v1=...}. */
  record Stripe(List<String> secrets, String header, Duration tolerance) implements Verify {}

  /** As Slack does: {@code X-Slack-Signature}. */
  record Slack(List<String> secrets, Duration tolerance) implements Verify {}

  /** As Retell does, with its API key: {@code X-Retell-Signature}. */
  record Retell(List<String> secrets, Duration tolerance) implements Verify {}

  /**
   * As HighLevel does.
   *
   * @param publicKey of {@code X-GHL-Signature} (Ed25519)
   * @param rsaPublicKey of {@code X-WH-Signature}, which counts where the other one is missing;
   *     empty: it never does
   */
  record GoHighLevel(String publicKey, String rsaPublicKey) implements Verify {}

  /** A hash that a message is authenticated with. */
  enum Algorithm {
    SHA1("HmacSHA1"),
    SHA256("HmacSHA256"),
    SHA384("HmacSHA384"),
    SHA512("HmacSHA512");

    private final String mac;

    Algorithm(String mac) {
      this.mac = mac;
    }

    /** As the JDK calls it. */
    public String mac() {
      return mac;
    }
  }
}
