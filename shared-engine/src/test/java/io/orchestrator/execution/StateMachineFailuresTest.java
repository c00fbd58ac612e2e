package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows a failure: repetition, handlers, the end. */
class StateMachineFailuresTest {

  private static Failure of(String type) {
    return Failure.fatal(type, "no");
  }

  private static Failure later(String type, Duration retryAfter) {
    return new Failure(type, "later", 429, true, "", null, retryAfter);
  }

  /** The delays that a step's attempts are given when all fail in that way. */
  private static List<Duration> delays(String retry, Failure failure) {
    Story story = given("- a: {adapter: a, retry: {" + retry + "}}");
    List<Duration> delays = new ArrayList<>();
    for (int attempt = 1; attempt < 20; attempt++) {
      story.and(failed("a", attempt, failure));
      StepState state = story.execution().step("a");
      if (state.status() != StepStatus.RETRYING) {
        return delays;
      }
      Duration delay = Duration.between(story.now(), state.due());
      delays.add(delay);
      story.later(delay.toString().substring(2));
    }
    throw new AssertionError("it never ends");
  }

  @Nested
  class Repetition {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "attempts: 3, jitter: none | PT1S PT2S",
          "attempts: 5, jitter: none, delay: 2s, backoff: exponential, factor: 3 | PT2S PT6S PT18S"
              + " PT54S",
          "attempts: 5, jitter: none, delay: 2s, backoff: linear | PT2S PT4S PT6S PT8S",
          "attempts: 4, jitter: none, delay: 2s | PT2S PT2S PT2S",
          "attempts: 4, jitter: none, delay: 2s, backoff: constant | PT2S PT2S PT2S",
          "attempts: 5, jitter: none, backoff: exponential, max_delay: 3s | PT1S PT2S PT3S PT3S",
          "jitter: none, 'backoff': [1s, 5s] | PT1S PT5S",
          "attempts: 5, jitter: none, 'backoff': [1s, 5s] | PT1S PT5S PT5S PT5S",
          "attempts: 1 | ''",
        })
    void delays_grow_as_the_flow_says(String retry, String delays) {
      List<Duration> expected =
          delays.isBlank()
              ? List.of()
              : List.of(delays.split(" ", -1)).stream().map(Duration::parse).toList();
      assertThat(delays(retry, down())).isEqualTo(expected);
    }

    @Test
    void attempts_count_all_calls() {
      given("- a: {adapter: a, retry: {attempts: 3, delay: 1s, jitter: none}}")
          .due("run a#1")
          .and(failed("a", 1, down()))
          .due("wake PT1S")
          .later("1S")
          .due("run a#2")
          .and(failed("a", 2, down()))
          .later("1S")
          .when(failed("a", 3, down()))
          .then("failed a#3 adapter_unavailable", "ended failed adapter_unavailable");
    }

    @Test
    void jitter_is_derived_so_that_a_decision_made_again_is_the_same() {
      List<Duration> full = delays("attempts: 6, delay: 10s, jitter: full", down());
      assertThat(full)
          .isEqualTo(delays("attempts: 6, delay: 10s, jitter: full", down()))
          .doesNotHaveDuplicates();
      assertThat(full)
          .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofSeconds(10)));
      assertThat(delays("attempts: 6, delay: 10s, jitter: equal", down()))
          .doesNotHaveDuplicates()
          .allSatisfy(
              delay -> assertThat(delay).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
    }

    @Test
    void what_the_other_side_asks_for_is_honoured_if_it_is_longer() {
      String retry = "attempts: 2, delay: 10s, jitter: none";
      assertThat(delays(retry, later("rate_limited", Duration.ofSeconds(90))))
          .containsExactly(Duration.ofSeconds(90));
      assertThat(delays(retry, later("rate_limited", Duration.ofSeconds(2))))
          .containsExactly(Duration.ofSeconds(10));
      assertThat(delays(retry, later("rate_limited", Duration.ofDays(9))))
          .containsExactly(Duration.ofDays(1));
    }

    @Test
    void unsaid_only_what_is_unavailable_or_limited_is_retried_three_calls_in_all() {
      given("- a")
          .when(failed("a", 1, broken()))
          .then("failed a#1 adapter_error", "ended failed adapter_error");
      given("- a")
          .when(failed("a", 1, Failure.temporary("timeout", "")))
          .then("failed a#1 timeout", "ended failed timeout");
      given("- a")
          .and(failed("a", 1, down()))
          .later("2S")
          .and(failed("a", 2, later("rate_limited", null)))
          .later("2S")
          .when(failed("a", 3, down()))
          .then("failed a#3 adapter_unavailable", "ended failed adapter_unavailable");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "attempts: 2                                 | conflict | true  | true",
          "attempts: 2                                 | conflict | false | false",
          "attempts: 2, only: [conflict]               | conflict | false | true",
          "attempts: 2, only: [conflict]               | timeout  | true  | false",
          "attempts: 2, only: ['stripe.*']             | stripe.declined | false | true",
          "attempts: 2, except: [conflict]             | conflict | true  | false",
          "attempts: 2, except: ['s*.*d']              | stripe.declined | true | false",
          "attempts: 2, only: ['*'], except: [timeout] | timeout  | true  | false",
          "attempts: 2, when: \"$error.status == 409\" | conflict | false | true",
          "attempts: 2, when: \"$error.status == 500\" | conflict | true  | false",
          "attempts: 2, when: \"$error.status > 'x'\"  | conflict | true  | false",
          "attempts: 2, when: \"$error.attempt == 1\", only: [timeout] | conflict | true | false",
        })
    void only_except_and_when_decide(String retry, String type, boolean retryable, boolean again) {
      Failure failure = new Failure(type, "no", 409, retryable, "", null, null);
      assertThat(delays(retry, failure)).hasSize(again ? 1 : 0);
    }

    @Test
    void a_glob_of_many_stars_costs_no_time() {
      Failure failure = Failure.fatal("x." + "a".repeat(5_000), "no");
      String globs = "'x." + "*a".repeat(20) + "b'";
      assertThatCode(() -> delays("attempts: 2, only: [" + globs + "]", failure))
          .doesNotThrowAnyException();
    }
  }

  @Nested
  class Handling {
    private static final String PAY =
        "- charge_card:\n"
            + "    adapter: charge\n"
            + "    retry: {attempts: 3, backoff: exponential, jitter: none}\n"
            + "    on_error: [log_failure, notify_admin, fallback_to_manual]";

    @Test
    void handlers_run_in_order_after_the_last_attempt_and_the_flow_ends_failed_and_handled() {
      Story story =
          given(PAY)
              .and(failed("charge_card", 1, down()))
              .later("1S")
              .and(failed("charge_card", 2, down()))
              .later("2S");
      story
          .when(failed("charge_card", 3, down()))
          .then(
              "failed charge_card#3 adapter_unavailable caught by 0; runs charge_card/log_failure")
          .is(Status.RUNNING)
          .and(
              succeeded("charge_card/log_failure", 1, 1L),
              succeeded("charge_card/notify_admin", 1, 2L))
          .when(succeeded("charge_card/fallback_to_manual", 1, 3L))
          .then(
              "completed charge_card/fallback_to_manual#1 = 3",
              "ended failed adapter_unavailable handled");
      assertThat(story.execution().handled()).isTrue();
      assertThat(story.execution().failure().message()).isEqualTo("503");
    }

    @Test
    void a_failing_handler_stops_the_rest_and_the_first_error_is_kept() {
      given("- a: {adapter: a, on_error: [b, c]}")
          .and(failed("a", 1, of("conflict")))
          .when(failed("a/b", 1, of("not_found")))
          .then("failed a/b#1 not_found", "ended failed conflict");
    }

    @Test
    void a_handler_has_handlers_of_its_own() {
      given(
              "- a: {adapter: a, on_error: [{x: {adapter: b, on_error: {steps: [c], then:"
                  + " continue}}}, d]}")
          .and(failed("a", 1, of("conflict")), failed("a/x", 1, broken()))
          .when(succeeded("a/x/c", 1, 1L))
          .then("completed a/x/c#1 = 1", "recovered a/x = 1; runs a/d");
    }

    @Test
    void after_continue_the_step_is_what_its_last_handler_gave() {
      given("- a: {adapter: a, on_error: {steps: [b], then: continue}}\n- x: {set: {was: $a}}")
          .and(failed("a", 1, broken()))
          .when(succeeded("a/b", 1, "spare"))
          .then(
              "completed a/b#1 = \"spare\"",
              "recovered a = \"spare\"",
              "completed x#1 = {\"was\":\"spare\"} sets {\"was\":\"spare\"}",
              "ended completed = {\"was\":\"spare\"}");
    }

    @Test
    void handlers_see_the_error() {
      given(
              "- a: {adapter: a, on_error: [{x: {set: {why: $error.type, at: $error.step, n:"
                  + " $error.attempt}}}]}")
          .when(failed("a", 1, of("conflict")))
          .then(
              "failed a#1 conflict caught by 0",
              "completed a/x#1 = {\"why\":\"conflict\",\"at\":\"a\",\"n\":1} sets"
                  + " {\"why\":\"conflict\",\"at\":\"a\",\"n\":1}",
              "ended failed conflict handled");
    }

    @Test
    void then_retry_makes_one_more_attempt_and_no_second() {
      given("- a: {adapter: a, on_error: {steps: [b], then: retry}}")
          .and(failed("a", 1, broken()))
          .when(succeeded("a/b", 1, 1L))
          .then("completed a/b#1 = 1", "retrying a#2 in PT0S after adapter_error as handled")
          .due("run a#2")
          .when(failed("a", 2, broken()))
          .then("failed a#2 adapter_error caught by 0; runs a/b")
          .due("run a/b#2")
          .when(succeeded("a/b", 2, 1L))
          .then("completed a/b#2 = 1", "ended failed adapter_error handled");
    }

    @Test
    void then_retry_enters_a_group_again() {
      given("- x: {do: [a, b], on_error: {steps: [c], then: retry}}\n- d")
          .and(succeeded("x/a", 1, 1L), failed("x/b", 1, broken()))
          .when(succeeded("x/c", 1, 1L))
          .then(
              "completed x/c#1 = 1",
              "retrying x#2 in PT0S after adapter_error as handled",
              "entered x#2; runs x/a")
          .and(succeeded("x/a", 2, 1L))
          .when(succeeded("x/b", 2, 2L))
          .then("completed x/b#2 = 2", "completed x#2 = 2; runs d");
    }

    @Test
    void the_first_clause_that_catches_takes_over() {
      String clauses =
          "- a:\n"
              + "    adapter: a\n"
              + "    on_error:\n"
              + "      - {catch: timeout, steps: [b]}\n"
              + "      - {catch: [conflict, 'stripe.*'], when: $error.status == 402, steps: [c],"
              + " then: continue}\n"
              + "      - {catch: 'str*', steps: [d]}\n"
              + "      - {catch: '*', steps: [e]}\n";
      given(clauses)
          .when(failed("a", 1, of("timeout")))
          .then("failed a#1 timeout caught by 0; runs a/b");
      given(clauses)
          .when(failed("a", 1, new Failure("stripe.declined", "", 402, false, "", null, null)))
          .then("failed a#1 stripe.declined caught by 1; runs a/c");
      given(clauses)
          .when(failed("a", 1, of("stripe.declined")))
          .then("failed a#1 stripe.declined caught by 2; runs a/d");
      given(clauses)
          .when(failed("a", 1, of("internal")))
          .then("failed a#1 internal caught by 3; runs a/e");
    }

    @Test
    void what_no_clause_catches_goes_outwards() {
      given(
              "- x: {do: [{a: {adapter: a, on_error: [{catch: timeout, steps: [b]}]}}], on_error:"
                  + " {steps: [c], then: continue}}\n"
                  + "- d")
          .when(failed("x/a", 1, of("conflict")))
          .then("failed x/a#1 conflict", "failed x#1 conflict caught by 0; runs x/c")
          .when(succeeded("x/c", 1, 1L))
          .then("completed x/c#1 = 1", "recovered x = 1; runs d");
    }

    @Test
    void a_clause_whose_condition_fails_does_not_catch() {
      given(
              "- a: {adapter: a, on_error: [{catch: '*', when: \"$error.status > 'x'\", steps:"
                  + " [b]}]}")
          .when(failed("a", 1, broken()))
          .then("failed a#1 adapter_error", "ended failed adapter_error");
    }

    @Test
    void a_clause_sees_which_attempt_failed() {
      given(
              "- a: {adapter: a, retry: {attempts: 2, delay: 1s, jitter: none}, on_error: [{catch:"
                  + " '*', when: $error.attempt == 2, steps: [b]}]}")
          .and(failed("a", 1, down()))
          .later("1S")
          .when(failed("a", 2, down()))
          .then("failed a#2 adapter_unavailable caught by 0; runs a/b");
    }

    @Test
    void a_failure_inside_goes_to_the_container_and_stays_handled() {
      given("- x: {do: [{a: {adapter: a, on_error: [b]}}], on_error: [c]}")
          .and(failed("x/a", 1, broken()))
          .when(succeeded("x/a/b", 1, 1L))
          .then("completed x/a/b#1 = 1", "failed x#1 adapter_error caught by 0 handled; runs x/c")
          .when(failed("x/c", 1, of("not_found")))
          .then("failed x/c#1 not_found", "ended failed adapter_error");
    }

    @Test
    void the_flows_own_handlers_come_last() {
      String keys =
          "on_error: [b, {x: {set: {why: $error.type, step: $error.step, n: $error.attempt}}}]\n";
      given(keys, "- do: [a]")
          .when(failed("do_1/a", 1, of("conflict")))
          .then(
              "failed do_1/a#1 conflict",
              "failed do_1#1 conflict",
              "handling conflict by 0; runs on_error/b")
          .when(succeeded("on_error/b", 1, 1L))
          .is(Status.FAILED);
    }

    @Test
    void the_flows_own_handlers_may_make_it_end_well() {
      given("on_error: {steps: [b], then: continue}\n", "- a\n- c")
          .and(failed("a", 1, broken()))
          .is(Status.RUNNING)
          .when(succeeded("on_error/b", 1, "spare"))
          .then("completed on_error/b#1 = \"spare\"", "ended completed = \"spare\"");
    }

    @Test
    void a_failing_handler_of_the_flow_keeps_the_first_error() {
      given("on_error: [b, c]\n", "- a")
          .and(failed("a", 1, of("conflict")))
          .when(failed("on_error/b", 1, broken()))
          .then("failed on_error/b#1 adapter_error", "ended failed conflict");
    }

    @Test
    void handlers_without_steps_are_a_decision_alone() {
      given(
              "- a: {adapter: a, on_error: {steps: [{x: {when: false, adapter: b}}], then:"
                  + " continue}}\n"
                  + "- c")
          .when(failed("a", 1, broken()))
          .then(
              "failed a#1 adapter_error caught by 0", "skipped a/x", "recovered a = null; runs c");
    }

    @Test
    void a_timer_that_no_longer_matters_strikes_nothing() {
      given("- x: {do: [a], timeout: 5s, on_error: [b]}")
          .and(failed("x/a", 1, broken()))
          .later("9S")
          .when(elapsed())
          .nothing("nothing is due");
    }
  }
}
