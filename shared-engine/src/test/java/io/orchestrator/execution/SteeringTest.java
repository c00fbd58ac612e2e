package io.orchestrator.execution;

import static io.orchestrator.execution.Story.admitted;
import static io.orchestrator.execution.Story.answered;
import static io.orchestrator.execution.Story.begun;
import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.cancelledAndUndone;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.paused;
import static io.orchestrator.execution.Story.refused;
import static io.orchestrator.execution.Story.resumed;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Pauses, budgets, deadlines and turns. */
class SteeringTest {
  @Nested
  class Pauses {
    @Test
    void nothing_begins_while_it_is_paused_and_what_is_in_flight_ends() {
      given("- a\n- b")
          .when(paused("look"))
          .then("paused look")
          .is(Status.PAUSED)
          .due()
          .when(begun("a", 1))
          .nothing("paused")
          .when(succeeded("a", 1, 1L))
          .then("completed a#1 = 1", "halted a")
          .is(Status.PAUSED)
          .due()
          .when(resumed(Raise.NONE))
          .then("resumed; runs b")
          .is(Status.RUNNING)
          .due("run b#1");
    }

    @Test
    void what_falls_due_meanwhile_happens_at_the_end_of_the_pause() {
      given("- w: {wait: 1h}\n- a")
          .and(paused("look"))
          .passes("2H")
          .nothing("paused")
          .when(resumed(Raise.NONE))
          .then("resumed", "completed w#1 = null; runs a");
    }

    @Test
    void an_answer_that_comes_meanwhile_is_kept() {
      given("- x: {adapter: ask, await: {callback: true}}\n- b")
          .and(deferred("x", 1, 1L), paused("look"))
          .when(answered("x", 5L))
          .then("completed x#1 = 5", "halted x")
          .due()
          .when(resumed(Raise.NONE))
          .then("resumed; runs b");
    }

    @Test
    void words_for_every_kind_of_wait_are_kept_and_it_goes_on_when_it_is_resumed() {
      given("- x: {await: {signal: go}}\n- b")
          .and(paused("look"), at -> new Event.SignalReceived("s", "go", 5L, at))
          .is(Status.PAUSED)
          .due()
          .when(resumed(Raise.NONE))
          .due("run b#1");
      given("- c\n- x: {await: {signal: go}}\n- b")
          .and(paused("look"), at -> new Event.SignalReceived("s", "go", 5L, at))
          .and(succeeded("c", 1, 1L))
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .due("run b#1");
      given("- x: {approve: {title: Pay}}\n- b")
          .and(paused("look"), at -> new Event.DecisionMade("x", "ann", "approve", null, at))
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .due("run b#1");
      given("- x: {await: {event: paid}}\n- b")
          .and(paused("look"))
          .when(at -> new Event.EventReceived("x", new Occurrence("e", "paid", "", null, at), at))
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .due("run b#1");
    }

    @Test
    void a_failure_that_comes_meanwhile_is_repeated_when_it_is_resumed() {
      given(
              "- x: {adapter: ask, await: {callback: true}, retry: {attempts: 2, delay: 1s, jitter:"
                  + " none}}")
          .and(deferred("x", 1, 1L), paused("look"), refused("x", down()))
          .passes("1H")
          .nothing("paused")
          .due()
          .when(resumed(Raise.NONE))
          .due("run x#2");
    }

    @Test
    void it_can_be_cancelled() {
      given("- a").and(paused("look")).when(cancelled("enough")).is(Status.CANCELLED);
    }

    @Test
    void what_is_done_because_it_is_cancelled_does_not_wait_for_the_end_of_the_pause() {
      given("on_cancel: [tell]\n", "- a")
          .and(paused("look"))
          .when(cancelled("enough"))
          .is(Status.RUNNING)
          .due("run on_cancel/tell#1")
          .when(succeeded("on_cancel/tell", 1, null))
          .is(Status.CANCELLED);
      given("- a: {adapter: a, compensate: refund}\n- b")
          .and(succeeded("a", 1, 1L), paused("look"))
          .when(cancelledAndUndone("enough"))
          .is(Status.COMPENSATING)
          .due("run a/refund#1");
    }

    @Test
    void it_does_not_end_before_it_is_resumed() {
      given("- a")
          .and(paused("look"))
          .when(succeeded("a", 1, 1L))
          .then("completed a#1 = 1", "halted a")
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .then("resumed", "ended completed = 1")
          .is(Status.COMPLETED);
      given("- a")
          .and(paused("look"))
          .when(failed("a", 1, broken()))
          .then("failed a#1 adapter_error", "halted a")
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .then("resumed", "ended failed adapter_error");
    }

    @Test
    void steps_that_call_nobody_wait_too() {
      given("- a\n- note: {set: {n: $a}}\n- tell: {emit: {type: done, data: $vars.n}}")
          .and(paused("look"), succeeded("a", 1, 1L))
          .when(resumed(Raise.NONE))
          .is(Status.COMPLETED);
    }

    @Test
    void handlers_wait_for_the_end_of_the_pause() {
      given("- a: {adapter: a, on_error: {steps: [tell], then: continue}}\n- b")
          .and(paused("look"))
          .when(failed("a", 1, broken()))
          .then("failed a#1 adapter_error caught by 0", "halted a")
          .when(resumed(Raise.NONE))
          .then("resumed; runs a/tell")
          .and(paused("again"))
          .when(succeeded("a/tell", 1, 7L))
          .then("completed a/tell#1 = 7", "halted a/tell")
          .when(resumed(Raise.NONE))
          .then("resumed", "recovered a = 7; runs b");
    }

    @Test
    void branches_that_end_meanwhile_come_together_afterwards() {
      given(
              "- p: {parallel: [a, {b: {adapter: b, on_error: {steps: [tell], then: continue}}},"
                  + " c]}\n"
                  + "- d")
          .and(paused("look"), succeeded("p/a", 1, 1L), failed("p/b", 1, broken()))
          .and(succeeded("p/c", 1, 3L))
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .then("resumed; runs p/b/tell")
          .when(succeeded("p/b/tell", 1, 2L))
          .then(
              "completed p/b/tell#1 = 2",
              "recovered p/b = 2",
              "completed p#1 = {\"a\":1,\"b\":2,\"c\":3}; runs d");
    }

    @Test
    void what_the_first_to_follow_has_ended_is_not_gone_on_with() {
      given("- p: {parallel: [{g: {do: [a, c]}}, b], complete: any}\n- d")
          .and(paused("look"), succeeded("p/b", 1, 2L), succeeded("p/g/a", 1, 1L))
          .when(resumed(Raise.NONE))
          .then("resumed", "completed p#1 = {\"g\":null,\"b\":2}; runs d; cancels p/g");
      given("- p: {parallel: [{g: {do: [a, c]}}, b]}\n- d")
          .and(paused("look"), failed("p/b", 1, broken()), succeeded("p/g/a", 1, 1L))
          .when(resumed(Raise.NONE))
          .then("resumed", "failed p#1 adapter_error; cancels p/g", "ended failed adapter_error");
    }

    @Test
    void items_go_on_where_they_were() {
      given(
              "- each: {foreach: \"[1, 2]\", concurrency: 2, do: [{a: {adapter: a}}, {b: {set: {n:"
                  + " $item}}}]}")
          .and(paused("look"), succeeded("each[1]/a", 1, "y"), succeeded("each[0]/a", 1, "x"))
          .is(Status.PAUSED)
          .when(resumed(Raise.NONE))
          .is(Status.COMPLETED);
    }

    @Test
    void a_time_that_is_over_meanwhile_comes_after_the_answer_that_was_in_time() {
      given("timeout: 1h\n", "- a")
          .and(paused("look"), succeeded("a", 1, 1L))
          .later("2H")
          .when(resumed(Raise.NONE))
          .then("resumed", "ended completed = 1");
      given("timeout: 1h\n", "- a\n- b")
          .and(paused("look"), succeeded("a", 1, 1L))
          .later("2H")
          .when(resumed(Raise.NONE))
          .then("resumed; runs b", "ended timed_out; cancels b");
    }

    @Test
    void the_budget_may_be_used_up_by_what_follows_first() {
      given(
              "budget: {steps: 2, on_exceed: pause}\n",
              "- p: {parallel: [{g: {do: [a, c]}}, {h: {do: [b, d]}}]}")
          .and(paused("look"), succeeded("p/g/a", 1, 1L), succeeded("p/h/b", 1, 1L))
          .when(resumed(Raise.NONE))
          .then("resumed; runs p/g/c", "paused the budget is used up, steps: 2", "halted p/h/b")
          .is(Status.PAUSED)
          .when(resumed(new Raise(4L, null, null, null)))
          .then("resumed with {\"steps\":4}; runs p/h/d")
          .due("run p/g/c#1", "run p/h/d#1");
    }
  }

  @Nested
  class Budgets {
    @Test
    void the_next_call_after_the_last_of_the_budget_is_not_begun() {
      given("budget: {steps: 2}\n", "- a\n- b\n- c")
          .and(succeeded("a", 1, 1L))
          .when(succeeded("b", 1, 1L))
          .then("completed b#1 = 1", "ended failed budget_exceeded");
    }

    @Test
    void handlers_of_the_flow_and_what_undoes_may_use_more() {
      given("budget: {steps: 1}\non_error: [tell]\n", "- a: {adapter: a, compensate: refund}\n- b")
          .when(succeeded("a", 1, 1L))
          .then("completed a#1 = 1; owes a", "handling budget_exceeded by 0; runs on_error/tell")
          .when(succeeded("on_error/tell", 1, 1L))
          .then(
              "completed on_error/tell#1 = 1",
              "compensating budget_exceeded handled; runs a/refund");
    }

    @Test
    void tokens_and_cost_are_what_answers_report() {
      Story story =
          given("budget: {tokens: 100, cost: 0.5}\n", "- a\n- b\n- c")
              .when(
                  succeeded(
                      "a",
                      1,
                      Map.of("usage", Map.of("tokens", 60L, "cost", new BigDecimal("0.1")))))
              .then(
                  "completed a#1 = {\"usage\":{\"tokens\":60,\"cost\":0.1}}; runs b; used 60 0.1"
                      .replace("{\"tokens\":60,\"cost\":0.1}", usage(60, "0.1")));
      story.when(
          succeeded("b", 1, Map.of("usage", Map.of("input_tokens", 30L, "output_tokens", 10L))));
      assertThat(story.execution().status()).isEqualTo(Status.FAILED);
      assertThat(story.execution().failure().type()).isEqualTo("budget_exceeded");
      assertThat(story.execution().used()).isEqualTo(new Usage(100, new BigDecimal("0.1")));
    }

    @Test
    void an_attempt_whose_answer_could_not_be_used_has_cost_what_it_says() {
      Object data = Map.of("usage", Map.of("tokens", 60L));
      Failure bad = new Failure("a.bad_output", "no JSON", 200, true, "a", data, null);
      Story story =
          given(
                  "budget: {tokens: 100}\n",
                  "- a: {adapter: a, retry: {attempts: 3, backoff: [1s], jitter: none}}")
              .when(failed("a", 1, bad));
      assertThat(story.execution().used().tokens()).isEqualTo(60);
      story.passes("1S").when(failed("a", 2, bad));
      assertThat(story.execution().used().tokens()).isEqualTo(120);
      assertThat(story.execution().failure().type()).isEqualTo("budget_exceeded");
    }

    private String usage(long tokens, String cost) {
      return io.orchestrator.expression.Json.write(
          Map.of("tokens", tokens, "cost", new BigDecimal(cost)));
    }

    @Test
    void a_repetition_is_not_begun_either() {
      given(
              "budget: {transitions: 3}\n",
              "- a: {adapter: a, retry: {attempts: 9, backoff: [1s], jitter: none}}")
          .and(failed("a", 1, down()))
          .when(failed("a", 2, down()))
          .then(
              "retrying a#3 in PT1S after adapter_unavailable",
              "ended failed budget_exceeded; cancels a");
    }

    @Test
    void a_loop_without_calls_ends_by_its_transitions() {
      Story story =
          given(
              "budget: {transitions: 700}\n",
              "- r: {repeat: [{n: {set: {x: 1}}}], until: $vars.x == 2}");
      while (!story.execution().status().isFinal()) {
        story.and(elapsed());
      }
      assertThat(story.execution().failure().type()).isEqualTo("budget_exceeded");
      assertThat(story.execution().revision()).isBetween(700, 703);
    }

    @Test
    void with_pause_it_goes_on_when_the_budget_is_raised() {
      given("budget: {steps: 1, on_exceed: pause}\n", "- a\n- b")
          .when(succeeded("a", 1, 1L))
          .then("completed a#1 = 1; runs b", "paused the budget is used up, steps: 1")
          .is(Status.PAUSED)
          .due()
          .when(resumed(Raise.NONE))
          .nothing("the budget is used up, steps: 1")
          .when(resumed(new Raise(5L, null, null, null)))
          .then("resumed with {\"steps\":5}")
          .due("run b#1");
    }

    @Test
    void a_pause_before_a_step_that_calls_nothing_enters_it_later() {
      given("budget: {transitions: 2, on_exceed: pause}\n", "- a\n- s: {set: {x: 1}}\n- b")
          .when(succeeded("a", 1, 1L))
          .then(
              "completed a#1 = 1",
              "retrying s#1 in PT0S after budget_exceeded",
              "paused the budget is used up, transitions: 2")
          .when(resumed(new Raise(null, 100L, null, null)))
          .then(
              "resumed with {\"transitions\":100}",
              "completed s#1 = {\"x\":1} sets {\"x\":1}; runs b");
    }

    @Test
    void a_handler_that_uses_it_up_does_not_let_the_call_be_repeated() {
      given("budget: {tokens: 10}\n", "- a: {adapter: a, on_error: {steps: [b], then: retry}}\n- c")
          .and(failed("a", 1, Failure.fatal("adapter_error", "no")))
          .when(succeeded("a/b", 1, Map.of("usage", Map.of("tokens", 10L))))
          .then(
              "completed a/b#1 = {\"usage\":{\"tokens\":10}}; used 10 0",
              "retrying a#2 in PT0S after adapter_error as handled",
              "ended failed budget_exceeded; cancels a")
          .due();
    }

    @Test
    void with_pause_a_call_that_its_handler_repeats_is_made_when_the_budget_is_raised() {
      given(
              "budget: {tokens: 10, on_exceed: pause}\n",
              "- a: {adapter: a, on_error: {steps: [b], then: retry}}")
          .and(failed("a", 1, Failure.fatal("adapter_error", "no")))
          .when(succeeded("a/b", 1, Map.of("usage", Map.of("tokens", 10L))))
          .is(Status.PAUSED)
          .due()
          .when(resumed(new Raise(null, null, 20L, null)))
          .due("run a#2");
    }

    @Test
    void a_group_that_its_handler_repeats_is_not_entered_again_either() {
      given(
              "budget: {tokens: 10}\n",
              "- g: {do: [{r: {raise: {type: x.y}}}], on_error: {steps: [b], then: retry}}")
          .when(succeeded("g/b", 1, Map.of("usage", Map.of("tokens", 10L))))
          .is(Status.FAILED)
          .due();
    }

    @Test
    void a_budget_may_be_raised_before_it_is_used_up() {
      given("budget: {steps: 1}\n", "- a\n- b")
          .and(resumed(new Raise(2L, null, null, null)))
          .when(succeeded("a", 1, 1L))
          .then("completed a#1 = 1; runs b");
    }
  }

  @Nested
  class Deadline {
    private static final String STEP =
        "- a: {adapter: a, deadline: 3s, retry: {attempts: 9, backoff: [2s], jitter: none}}";

    @Test
    void a_repetition_that_would_begin_after_it_is_not_begun() {
      given(STEP)
          .when(failed("a", 1, down()))
          .then("retrying a#2 in PT2S after adapter_unavailable")
          .later("2S")
          .when(failed("a", 2, down()))
          .then("failed a#2 timeout", "ended failed timeout");
    }

    @Test
    void an_attempt_has_no_more_time_than_is_left() {
      Story story = given(STEP).later("1S");
      CallPlan call = CallPlan.of(story.plan(), story.execution(), "a", null, null, story.now());
      assertThat(((CallPlan.Ready) call).atMost()).isEqualTo(java.time.Duration.ofSeconds(2));
    }

    @Test
    void it_bounds_the_timeout_of_a_group_and_its_repetitions() {
      given(
              "- g: {do: [a], timeout: 5s, deadline: 7s, retry: {attempts: 3, backoff: [1s],"
                  + " jitter: none}}")
          .due("wake PT5S", "run g/a#1")
          .passes("5S")
          .then("retrying g#2 in PT1S after timeout; cancels g/a")
          .passes("1S")
          .then("entered g#2 for PT1S; runs g/a")
          .passes("1S")
          .then("failed g#2 timeout; cancels g/a", "ended failed timeout");
    }

    @Test
    void it_bounds_the_wait_for_an_answer() {
      given("- x: {adapter: ask, await: {callback: true, timeout: 1h}, deadline: 10m}")
          .when(deferred("x", 1, 1L))
          .then("waiting x#1 for PT10M called 1");
    }

    @Test
    void it_bounds_the_wait_for_a_signal_and_for_an_event() {
      given("- x: {await: {signal: go, timeout: 1h}, deadline: 10m}")
          .then("started", "waiting x#1 for PT10M")
          .passes("10M")
          .then("failed x#1 timeout", "ended failed timeout");
      given("- x: {await: {event: paid, timeout: 1h}, deadline: 10m}")
          .later("1M")
          .when(deferred("x", 1, null))
          .then("waiting x#1 for PT9M");
    }

    @Test
    void it_bounds_the_time_in_which_people_decide() {
      Story story =
          given("- x: {approve: {title: Pay, timeout: 1h, remind: 6m}, deadline: 10m}")
              .due("wake PT6M")
              .passes("6M")
              .due("wake PT4M");
      Pause.Asked asked = (Pause.Asked) story.execution().step("x").pause();
      assertThat(asked.question()).containsEntry("timeout_at", "2026-03-01T12:10:00Z");
      story.passes("4M").then("failed x#1 timeout", "ended failed timeout");
    }

    @Test
    void it_counts_from_the_first_attempt_of_a_wait_that_is_repeated() {
      given(
              "- x: {await: {callback: true, timeout: 6m}, deadline: 10m, retry: {attempts: 9,"
                  + " only: [timeout], delay: 1m, backoff: constant, jitter: none}}")
          .passes("6M")
          .then("retrying x#2 in PT1M after timeout")
          .passes("1M")
          .then("waiting x#2 for PT3M")
          .passes("3M")
          .then("failed x#2 timeout", "ended failed timeout");
    }
  }

  @Nested
  class Turns {
    @Test
    void one_that_is_held_begins_when_it_is_its_turn_and_its_time_counts_from_then() {
      Story.held("timeout: 1h\n", "- a")
          .then("started", "held")
          .is(Status.QUEUED)
          .due()
          .later("3H")
          .when(elapsed())
          .nothing("nothing is due")
          .when(admitted())
          .then("admitted for PT1H; runs a")
          .due("run a#1", "wake PT1H");
    }

    @Test
    void one_that_is_held_is_cancelled_at_once() {
      Story.held("on_cancel: [tell]\nfinally: [notify_admin]\n", "- a")
          .when(cancelled("enough"))
          .then("ended cancelled enough");
    }

    @Test
    void nobody_begins_twice() {
      given("- a").when(admitted()).nothing("waits for no turn");
    }
  }
}
