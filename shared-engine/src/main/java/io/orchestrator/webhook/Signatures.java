package io.orchestrator.webhook;

import io.orchestrator.flow.Verify;
import io.orchestrator.secret.SecretLookup;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Verifies the signatures of requests to webhooks, each as its service makes it. The facts are
 * those of the services' own pages. Safe for use by many threads.
 */
public final class Signatures {
  private final BiFunction<String, String, SecretLookup> secrets;
  private final InstantSource clock;

  /**
   * @param secrets finds a tenant's secret by its name
   * @param clock of this host: the window of a webhook is the one place where it counts
   */
  public Signatures(BiFunction<String, String, SecretLookup> secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * Whether a request is from whom it should be.
   *
   * @param headers by lower-case name
   * @param body as it was sent
   */
  public Verdict check(String tenant, Verify verify, Map<String, String> headers, byte[] body) {
    Sent sent = new Sent(headers, body, clock.instant());
    Function<String, SecretLookup> own = name -> secrets.apply(tenant, name);
    return switch (verify) {
      case Verify.Open _ -> new Verdict.Genuine();
      case Verify.Token _ -> new Verdict.Forged("a token is no signature");
      case Verify.GoHighLevel ghl -> HighLevel.check(ghl, sent);
      case Verify.Hmac hmac ->
          with(Keys.of(hmac.secrets(), own), keys -> Shared.hmac(hmac, sent, keys));
      case Verify.StandardWebhooks standard ->
          standard.secrets().isEmpty()
              ? Standard.check(standard, sent, new Keys(List.of(), ""))
              : with(
                  Keys.of(standard.secrets(), own), keys -> Standard.check(standard, sent, keys));
      case Verify.GitHub github ->
          with(Keys.of(github.secrets(), own), keys -> Shared.github(sent, keys));
      case Verify.Stripe stripe ->
          with(Keys.of(stripe.secrets(), own), keys -> Shared.stripe(stripe, sent, keys));
      case Verify.Slack slack ->
          with(Keys.of(slack.secrets(), own), keys -> Shared.slack(slack, sent, keys));
      case Verify.Retell retell ->
          with(Keys.of(retell.secrets(), own), keys -> Shared.retell(retell, sent, keys));
    };
  }

  /** The headers that hold signatures, in lower case: with the body each is a credential. */
  public static Set<String> headers(Verify verify) {
    return switch (verify) {
      case Verify.Open _, Verify.Token _ -> Set.of();
      case Verify.Hmac hmac -> Set.of(hmac.header().toLowerCase(Locale.ROOT));
      case Verify.StandardWebhooks _ -> Set.of("webhook-signature", "svix-signature");
      case Verify.GitHub _ -> Set.of("x-hub-signature-256", "x-hub-signature");
      case Verify.Stripe stripe -> Set.of(stripe.header().toLowerCase(Locale.ROOT));
      case Verify.Slack _ -> Set.of("x-slack-signature");
      case Verify.Retell _ -> Set.of("x-retell-signature");
      case Verify.GoHighLevel _ -> Set.of("x-ghl-signature", "x-wh-signature");
    };
  }

  /** A secret that cannot be read now may be the right one. */
  private static Verdict with(Keys keys, Function<Keys, Verdict> check) {
    Verdict verdict = keys.texts().isEmpty() ? null : check.apply(keys);
    return verdict instanceof Verdict.Genuine || (verdict != null && keys.missing().isEmpty())
        ? verdict
        : new Verdict.Unready(keys.missing());
  }
}
