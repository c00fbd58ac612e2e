package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds where a flow says nothing, and which words its keys take. */
class SectionFourTermsTest {
  private static Plan plan(String text) {
    FlowValidation validation = FlowValidation.validate("flow: f\n" + text, Examples.NAMES);
    assertThat(validation.errors()).as(text).isEmpty();
    return validation.compiled().plan();
  }

  private static List<String> codes(String text) {
    return FlowValidation.validate("flow: f\n" + text, Examples.NAMES).errors().stream()
        .map(Problem::code)
        .toList();
  }

  @Test
  void a_flow_that_says_nothing_has_no_limits_but_fifty_thousand_transitions_and_then_fails() {
    Plan plan = plan("steps: [ai]");
    assertThat(plan.timeout()).isNull();
    assertThat(plan.terms().concurrency()).isNull();
    assertThat(plan.terms().idempotency()).isNull();
    assertThat(plan.terms().search()).isEmpty();
    assertThat(plan.terms().mask()).isEmpty();
    assertThat(plan.terms().budget()).isEqualTo(new Budget(null, 50_000, null, null, false));
    assertThat(plan.terms().cancelCompensates()).isFalse();
  }

  @Test
  void what_a_flow_says_is_what_holds() {
    Terms terms =
        plan("""
        concurrency: {limit: 3, key: $input.c, on_limit: replace}
        idempotency: {key: $input.id}
        search: {c: $input.c}
        budget: {steps: 1, transitions: 2, tokens: 3, cost: 4.5, on_exceed: pause}
        on_cancel: {steps: [log_failure], then: compensate}
        mask: [input.c]
        steps: [ai]
        """)
            .terms();
    assertThat(terms.concurrency().limit()).isEqualTo(3);
    assertThat(terms.concurrency().onLimit()).isEqualTo(Concurrency.OnLimit.REPLACE);
    assertThat(terms.idempotency().ttl()).isEqualTo(new TimeSpan.Fixed(Duration.ofHours(24)));
    assertThat(terms.search()).containsOnlyKeys("c");
    assertThat(terms.budget()).isEqualTo(new Budget(1L, 2, 3L, new BigDecimal("4.5"), true));
    assertThat(terms.cancelCompensates()).isTrue();
    assertThat(plan("concurrency: {limit: 1}\nsteps: [ai]").terms().concurrency().onLimit())
        .isEqualTo(Concurrency.OnLimit.QUEUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          concurrency: {limit: 1, on_limit: %s}  | queue reject cancel_oldest replace | wait
          budget: {steps: 1, on_exceed: %s}      | fail pause                         | stop
          on_cancel: {steps: [log_failure], then: %s} | cancel compensate             | continue
          """)
  void its_keys_take_these_words_and_no_other(String key, String words, String other) {
    for (String word : words.split(" ", -1)) {
      assertThat(codes(key.formatted(word) + "\nsteps: [ai]")).as(word).isEmpty();
    }
    assertThat(codes(key.formatted(other) + "\nsteps: [ai]")).containsExactly("bad_value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {flow: order-intake, mode: %s}                       | wait detach                    | async
          {flow: order-intake, on_cancel: %s}                  | cascade leave                  | stop
          {parallel: [ai, stripe], complete: %s}               | all any                        | most
          {adapter: ai, retry: {backoff: %s}}                  | constant linear exponential    | random
          {adapter: ai, retry: {jitter: %s}}                   | none equal full                | some
          {adapter: ai, delivery: %s}                          | at_least_once at_most_once     | once
          {adapter: ai, on_error: {steps: [log_failure], then: %s}} | fail continue retry compensate | stop
          """)
  void the_keys_of_steps_take_these_words_and_no_other(String body, String words, String other) {
    for (String word : words.split(" ", -1)) {
      assertThat(codes("steps: [{a: " + body.formatted(word) + "}]")).as(word).isEmpty();
    }
    assertThat(codes("steps: [{a: " + body.formatted(other) + "}]")).containsExactly("bad_value");
  }

  @Test
  void an_approval_that_says_nothing_else_asks_for_one_yes_or_no_within_seven_days() {
    Kind.Approve approve =
        (Kind.Approve) plan("steps: [{a: {approve: {title: Pay?}}}]").at("a").kind();
    assertThat(approve.quorum()).isEqualTo(1);
    assertThat(approve.options()).containsExactly("approve", "reject");
    assertThat(approve.timeout()).isEqualTo(new TimeSpan.Fixed(Duration.ofDays(7)));
    assertThat(approve.to()).isNull();
    assertThat(approve.escalate()).isNull();
    Kind.Approve more =
        (Kind.Approve)
            plan("steps: [{a: {approve: {title: Pay?, to: ['role:x', 'user:y'], options:"
                    + " [yes_please, no_thanks], form: {why: string}, quorum: 2, remind: 1d,"
                    + " escalate: {after: 2d, to: ['role:z']}, timeout: 5d}}}]")
                .at("a")
                .kind();
    assertThat(more.options()).containsExactly("yes_please", "no_thanks");
    assertThat(more.quorum()).isEqualTo(2);
    assertThat(more.form()).containsKey("properties");
    assertThat(more.escalate().after()).isEqualTo(new TimeSpan.Fixed(Duration.ofDays(2)));
  }

  @Test
  void a_retry_that_says_nothing_else_is_three_calls_with_an_exponential_backoff() {
    Retry retry =
        plan("steps: [{a: {adapter: ai, retry: {attempts: 3}}}]").at("a").common().retry();
    assertThat(retry.attempts()).isEqualTo(3);
    assertThat(retry.backoff()).isEqualTo(Retry.Backoff.EXPONENTIAL);
    assertThat(retry.delay()).isEqualTo(new TimeSpan.Fixed(Duration.ofSeconds(1)));
    assertThat(retry.factor()).isEqualTo(2.0);
    assertThat(retry.jitter()).isEqualTo(Retry.Jitter.FULL);
    assertThat(Retry.MAX_DELAY).isEqualTo(Duration.ofSeconds(60));
    assertThat(
            plan("steps: [{a: {adapter: ai, retry: {delay: 5s}}}]")
                .at("a")
                .common()
                .retry()
                .backoff())
        .isEqualTo(Retry.Backoff.CONSTANT);
  }

  @Test
  void every_common_key_may_stand_beside_a_call_and_most_beside_a_structure() {
    String common =
        "when: $input.a, timeout: 5s, deadline: 1m, retry: {attempts: 2}, on_error: [log_failure],"
            + " output: $result, compensate: {adapter: stripe}, mask: [output.x], description: d,"
            + " disabled: false";
    assertThat(
            codes(
                "steps: [{a: {adapter: ai, params: {x: 1}, fallback: [stripe], idempotency_key:"
                    + " $input.k, delivery: at_least_once, "
                    + common
                    + "}}]"))
        .isEmpty();
    assertThat(codes("steps: [{a: {do: [{x: ai}], " + common + "}}]")).isEmpty();
    assertThat(codes("steps: [{a: {parallel: [{x: ai}], " + common + "}}]")).isEmpty();
    assertThat(codes("steps: [{a: {foreach: $input.l, do: [{x: ai}], " + common + "}}]")).isEmpty();
  }
}
