package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.InputSchema;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a webhook says who may send to it, and how it answers. */
class VerifyReaderTest {
  private static final InputSchema SCHEMA = new InputSchema(LanguageSchema.data());
  private static final Duration USUAL = Duration.ofMinutes(5);

  private static FlowValidation read(String webhook) {
    return FlowValidation.validate(
        "flow: f\ntriggers:\n  - webhook: {" + webhook + "}\nsteps: [ai]", Examples.NAMES);
  }

  private static Trigger.Webhook hook(String webhook) {
    FlowValidation read = read(webhook);
    assertThat(read.errors()).isEmpty();
    return (Trigger.Webhook) read.flow().triggers().getFirst();
  }

  private static Verify verify(String text) {
    return hook("verify: " + text).verify();
  }

  private static List<String> codes(String webhook) {
    return read(webhook).errors().stream().map(Problem::code).toList();
  }

  @Test
  void a_word_names_a_scheme_whose_secret_has_a_usual_name() {
    assertThat(hook("path: a").verify()).isEqualTo(new Verify.Token());
    assertThat(verify("none")).isEqualTo(new Verify.Open());
    assertThat(verify("github")).isEqualTo(new Verify.GitHub(List.of("github_webhook")));
    assertThat(verify("stripe"))
        .isEqualTo(new Verify.Stripe(List.of("stripe_webhook"), "Stripe-Signature", USUAL));
    assertThat(verify("slack")).isEqualTo(new Verify.Slack(List.of("slack_webhook"), USUAL));
    assertThat(verify("retell")).isEqualTo(new Verify.Retell(List.of("retell_key"), USUAL));
    assertThat(verify("standard_webhooks"))
        .isEqualTo(new Verify.StandardWebhooks(List.of("standard_webhooks"), List.of(), USUAL));
    assertThat(verify("gohighlevel"))
        .isInstanceOfSatisfying(
            Verify.GoHighLevel.class,
            ghl -> {
              assertThat(ghl.publicKey()).isNotEmpty();
              assertThat(ghl.rsaPublicKey()).isEmpty();
            });
  }

  @Test
  void the_example_of_the_design_is_an_hmac_of_the_body() {
    String text = "{hmac: {secret: {secret: shop}, header: X-Signature, algorithm: sha256,";
    assertThat(verify(text + " tolerance: 5m}}"))
        .isEqualTo(
            new Verify.Hmac(
                List.of("shop"),
                "X-Signature",
                Verify.Algorithm.SHA256,
                "",
                "",
                "{body}",
                Duration.ofMinutes(5)));
    assertThat(verify("{hmac: {secret: shop, header: X-Signature}}"))
        .isInstanceOfSatisfying(Verify.Hmac.class, hmac -> assertThat(hmac.tolerance()).isNull());
  }

  @Test
  void settings_say_what_is_not_usual() {
    assertThat(
            verify(
                "{hmac: {secret: [{secret: new}, {secret: old}], header: X-Sig, algorithm: sha512,"
                    + " prefix: \"v0=\", timestamp: X-Time, signed: \"v0:{timestamp}:{body}\","
                    + " tolerance: 30s}}"))
        .isEqualTo(
            new Verify.Hmac(
                List.of("new", "old"),
                "X-Sig",
                Verify.Algorithm.SHA512,
                "v0=",
                "X-Time",
                "v0:{timestamp}:{body}",
                Duration.ofSeconds(30)));
    assertThat(verify("{hmac: {secret: s, header: X-Sig, timestamp: X-Time}}"))
        .isInstanceOfSatisfying(
            Verify.Hmac.class,
            hmac -> {
              assertThat(hmac.signed()).isEqualTo("{timestamp}.{body}");
              assertThat(hmac.tolerance()).isEqualTo(USUAL);
            });
    assertThat(verify("{github: {secret: {secret: hub}}}"))
        .isEqualTo(new Verify.GitHub(List.of("hub")));
    assertThat(verify("{github: {secret: hub}}")).isEqualTo(new Verify.GitHub(List.of("hub")));
    assertThat(verify("{github: {}}")).isEqualTo(new Verify.GitHub(List.of("github_webhook")));
    assertThat(verify("{stripe: {header: X-Sig, tolerance: PT1H}}"))
        .isEqualTo(new Verify.Stripe(List.of("stripe_webhook"), "X-Sig", Duration.ofHours(1)));
    String key = "whpk_" + "A".repeat(43) + "=";
    assertThat(verify("{standard_webhooks: {public_key: " + key + "}}"))
        .isEqualTo(new Verify.StandardWebhooks(List.of(), List.of(key), USUAL));
    assertThat(verify("{standard_webhooks: {secret: s, public_key: [" + key + "]}}"))
        .isEqualTo(new Verify.StandardWebhooks(List.of("s"), List.of(key), USUAL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "bad_value     | nobody",
        "bad_value     | hmac",
        "unknown_key   | {none: {}}",
        "unknown_key   | {githb: {}}",
        "bad_value     | {}",
        "bad_value     | {github: {}, slack: {}}",
        "wrong_type    | 5",
        "wrong_type    | [github]",
        "wrong_type    | {github: hub}",
        "unknown_key   | {github: {tolerance: 5m}}",
        "unknown_key   | {hmac: {secret: s, header: X, encoding: hex}}",
        "missing_key   | {hmac: {header: X}}",
        "missing_key   | {hmac: {secret: s}}",
        "bad_value     | {hmac: {secret: s, header: X Y}}",
        "bad_value     | {hmac: {secret: s, header: X, algorithm: md5}}",
        "bad_value     | {hmac: {secret: s, header: X, prefix: 'a b'}}",
        "bad_value     | {hmac: {secret: s, header: X, signed: 'no placeholder'}}",
        "bad_value     | {hmac: {secret: s, header: X, signed: '{body}{body}'}}",
        "bad_value     | {hmac: {secret: s, header: X, signed: '{url}{body}'}}",
        "bad_duration  | {slack: {tolerance: 2d}}",
        "bad_duration  | {slack: {tolerance: 0s}}",
        "bad_duration  | {slack: {tolerance: 5}}",
        "bad_duration  | {slack: {tolerance: soon}}",
        "bad_name      | {github: {secret: 'two words'}}",
        "bad_name      | {github: {secret: {secret: a/b}}}",
        "empty         | {github: {secret: []}}",
        "missing_key   | {github: {secret: {}}}",
        "unknown_key   | {github: {secret: {secret: a, other: b}}}",
        "wrong_type    | {github: {secret: [5]}}",
        "bad_value     | {standard_webhooks: {public_key: whpk_x}}",
        "empty         | {standard_webhooks: {public_key: []}}",
        "bad_value     | {gohighlevel: {public_key: '!'}}",
        "unknown_key   | {gohighlevel: {secret: s}}",
      })
  void what_is_wrong_is_told_by_the_reader_and_by_the_schema(String code, String verify) {
    assertThat(codes("verify: " + verify)).as(verify).contains(code);
    assertThat(misfits("verify: " + verify)).as("schema: %s", verify).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "8f742231b10e8888abcd99eee777a85a8f742231",
      })
  void a_secret_that_is_written_out_is_told_without_being_repeated(String secret) {
    FlowValidation read = read("verify: {github: {secret: " + secret + "}}");
    assertThat(read.errors()).extracting(Problem::code).contains("literal_secret");
    assertThat(read.errors().toString()).doesNotContain(secret);
    FlowValidation long_one = read("verify: {github: {secret: '" + secret + " " + secret + "'}}");
    assertThat(long_one.errors().toString()).doesNotContain(secret);
  }

  @Test
  void a_time_that_is_not_signed_is_an_error_and_a_tolerance_without_one_a_warning() {
    String hmac = "verify: {hmac: {secret: s, header: X-Sig, ";
    assertThat(codes(hmac + "timestamp: X-Time, signed: \"{body}\"}}"))
        .containsExactly("contradiction");
    assertThat(codes(hmac + "signed: \"{timestamp}.{body}\"}}")).containsExactly("contradiction");
    assertThat(read(hmac + "tolerance: 5m}}").warnings())
        .extracting(Problem::code)
        .containsExactly("contradiction");
    assertThat(read(hmac + "tolerance: 5m, timestamp: X-Time}}").warnings()).isEmpty();
  }

  @Test
  void what_cannot_be_read_lets_nobody_in() {
    for (String wrong : List.of("nobody", "hmac", "{none: {}}", "{github: hub}", "5")) {
      Problems problems = new Problems();
      Flow flow =
          FlowReader.read(
              Document.read(
                  ("flow: f\ntriggers: [{webhook: {verify: " + wrong + "}}]\nsteps: [ai]")
                      .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  problems),
              problems);
      assertThat(((Trigger.Webhook) flow.triggers().getFirst()).open()).as(wrong).isFalse();
    }
  }

  @Test
  void a_webhook_answers_at_once_or_at_the_end() {
    assertThat(hook("path: a").respondWithin()).isNull();
    assertThat(hook("path: a, respond: async").respondWithin()).isNull();
    assertThat(hook("path: a, respond: sync").respondWithin()).isEqualTo(Duration.ofSeconds(10));
    assertThat(hook("path: a, respond: {sync: 25s}").respondWithin())
        .isEqualTo(Duration.ofSeconds(25));
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("later", "bad_value");
    wrong.put("{sync: 26s}", "bad_duration");
    wrong.put("{sync: 0s}", "bad_duration");
    wrong.put("{sync: 1m}", "bad_duration");
    wrong.put("{sync: $input.x}", "bad_duration");
    wrong.put("{}", "missing_key");
    wrong.put("{sync: 5s, status: 200}", "unknown_key");
    wrong.put("[sync]", "wrong_type");
    wrong.forEach(
        (text, code) -> {
          assertThat(codes("path: a, respond: " + text)).as(text).contains(code);
          assertThat(misfits("path: a, respond: " + text)).as("schema: %s", text).isNotEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify: github",
        "verify: {hmac: {secret: [a, {secret: b}], header: X-S, tolerance: PT5M}}",
        "verify: {gohighlevel: {}}",
        "respond: sync",
        "respond: {sync: 1500ms}",
        "respond: {sync: PT10S}",
      })
  void what_is_right_fits_the_schema(String webhook) {
    assertThat(codes(webhook)).isEmpty();
    assertThat(misfits(webhook)).isEmpty();
  }

  @Test
  void one_path_has_one_webhook_and_an_event_that_a_flow_emits_itself_is_warned_of() {
    String twice = "path: a}\n  - webhook: {path: a, filter: $trigger.body.x == 1";
    assertThat(codes(twice)).containsExactly("contradiction");
    String text =
        """
        flow: f
        triggers: [{event: {type: order.imported%s}}]
        steps:
          - emit: {type: order.imported, data: {}}
        """;
    assertThat(FlowValidation.validate(text.formatted(""), Examples.NAMES).warnings())
        .extracting(Problem::code)
        .containsExactly("recursion");
    String filtered = text.formatted(", filter: $event.data.depth < 3");
    assertThat(FlowValidation.validate(filtered, Examples.NAMES).warnings()).isEmpty();
  }

  private static List<InputSchema.Misfit> misfits(String webhook) {
    String text = "flow: f\ntriggers: [{webhook: {" + webhook + "}}]\nsteps: [ai]";
    Document document =
        Document.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), new Problems());
    return SCHEMA.misfits(document.root().data());
  }
}
