package io.orchestrator.execution;

import static io.orchestrator.execution.Story.answered;
import static io.orchestrator.execution.Story.begun;
import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.refused;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What each kind of step does with each thing that can happen to it. */
class StateMachineTest {

  @Nested
  class Sequences {
    @Test
    void a_flow_begins_with_its_first_call() {
      given("- a\n- b").then("started; runs a").is(Status.QUEUED).due("run a#1");
    }

    @Test
    void the_next_step_begins_when_one_is_done() {
      given("- a\n- b")
          .when(succeeded("a", 1, "x"))
          .then("completed a#1 = \"x\"; runs b")
          .is(Status.RUNNING)
          .due("run b#1");
    }

    @Test
    void the_output_of_the_last_step_is_the_flows() {
      given("- a")
          .when(succeeded("a", 1, 7L))
          .then("completed a#1 = 7", "ended completed = 7")
          .is(Status.COMPLETED)
          .due();
    }

    @Test
    void an_output_mapping_sees_the_result_and_what_came_before() {
      given(
              "output: {sum: $a + $b}\n",
              "- a: {adapter: a, output: $result.n}\n- b: {adapter: b, output: $result.n * $a}")
          .and(succeeded("a", 1, Map.of("n", 2L)))
          .when(succeeded("b", 1, Map.of("n", 5L)))
          .then("completed b#1 = 10", "ended completed = {\"sum\":12}");
    }

    @Test
    void an_output_mapping_that_fails_fails_the_step() {
      given("- a: {adapter: a, output: $result.n + 1}")
          .when(succeeded("a", 1, Map.of()))
          .then("failed a#1 expression", "ended failed expression");
    }

    @Test
    void a_flow_output_that_fails_fails_the_flow() {
      given("output: $a.n + 1\n", "- a")
          .when(succeeded("a", 1, Map.of()))
          .then("completed a#1 = {}", "ended failed expression");
    }

    @Test
    void a_step_whose_condition_is_false_is_skipped() {
      given("- a: {when: false, adapter: a}\n- b").then("started", "skipped a; runs b");
    }

    @Test
    void a_condition_that_is_null_counts_as_false_and_warns() {
      given("- a: {when: $input.vip, adapter: a}")
          .then(
              "started",
              "skipped a when: the condition is null, which counts as false",
              "ended completed = null");
    }

    @Test
    void a_condition_that_fails_fails_its_step_which_may_handle_it() {
      given("- a: {when: \"$input.n > 1\", adapter: a, on_error: [b]}")
          .then("started", "failed a#1 expression caught by 0 unjudged; runs a/b");
    }

    @Test
    void a_disabled_step_is_skipped() {
      given("- a: {adapter: a, disabled: true}\n- b").then("started", "skipped a; runs b");
    }

    @Test
    void a_used_definition_sees_what_it_was_given() {
      Story story =
          given(
              "define: {twice: {set: {n: $with.n * 2}}}\n",
              "- x: {use: twice, with: {n: 21}}\n- b");
      story.then("started", "completed x#1 = {\"n\":42} sets {\"n\":42}; runs b");
    }

    @Test
    void vars_that_fail_fail_the_flow() {
      given("vars: {n: $input.n + 1}\n", "- a").then("started", "ended failed expression");
    }

    @Test
    void params_that_fail_are_no_call() {
      Story story = given("- a: {adapter: a, params: {n: $input.n + 1}}");
      assertThat(CallPlan.of(story.plan(), story.execution(), "a", null, null, story.now()))
          .isInstanceOfSatisfying(
              CallPlan.Unready.class,
              unready -> assertThat(unready.failure().type()).isEqualTo("expression"));
    }
  }

  @Nested
  class Data {
    @Test
    void set_changes_variables_within_the_line_of_its_neighbour() {
      given("- x: {set: {n: 1}}\n- y: {set: {n: $vars.n + 1, m: $x.n}}\n- a")
          .then(
              "started",
              "completed x#1 = {\"n\":1} sets {\"n\":1}",
              "completed y#1 = {\"n\":2,\"m\":1} sets {\"n\":2,\"m\":1}; runs a");
    }

    @Test
    void set_that_fails_is_handled_like_any_failure() {
      given("- x: {set: {n: $input.n + 1}, on_error: {steps: [a], then: continue}}\n- b")
          .then("started", "failed x#1 expression caught by 0; runs x/a");
    }

    @Test
    void return_ends_the_flow_and_what_is_still_at_work() {
      given("- parallel:\n    - a\n    - x: {do: [b, {y: {return: {early: true}}}]}\n- c")
          .when(succeeded("parallel_1/x/b", 1, 1L))
          .then(
              "completed parallel_1/x/b#1 = 1",
              "completed parallel_1/x/y#1 = {\"early\":true}",
              "ended completed = {\"early\":true}; cancels parallel_1, parallel_1/a, parallel_1/x")
          .due();
    }

    @Test
    void raise_fails_with_its_own_type() {
      given("- x: {raise: {type: out_of_stock, message: none left}}")
          .then("started", "failed x#1 out_of_stock", "ended failed out_of_stock");
    }

    @Test
    void a_raise_that_is_retried_is_no_call_but_a_timer() {
      given(
              "- x: {raise: {type: busy, retryable: true}, retry: {attempts: 2, backoff: [2s],"
                  + " jitter: none}}")
          .then("started", "retrying x#2 in PT2S after busy")
          .due("wake PT2S")
          .later("2S")
          .due("wake PT0S")
          .when(elapsed())
          .then("failed x#2 busy", "ended failed busy");
    }
  }

  @Nested
  class Conditionals {
    private static final String FLOW = "- a\n- x: {if: $a == 1, then: [b], else: [c, d]}\n- e";

    @Test
    void the_branch_taken_runs_and_the_other_is_skipped() {
      given(FLOW)
          .when(succeeded("a", 1, 1L))
          .then("completed a#1 = 1", "entered x#1 then; runs x/b; skips x/c, x/d")
          .when(succeeded("x/b", 1, "y"))
          .then("completed x/b#1 = \"y\"", "completed x#1 = \"y\"; runs e");
    }

    @Test
    void without_a_branch_to_take_it_is_done_at_once() {
      given("- x: {if: false, then: [a]}\n- b")
          .then("started", "entered x#1 else; skips x/a", "completed x#1 = null; runs b");
    }

    @Test
    void a_condition_that_fails_fails_the_step() {
      given("- x: {if: \"$input.n > 1\", then: [a]}")
          .then("started", "failed x#1 expression", "ended failed expression");
    }
  }

  @Nested
  class Parallels {
    private static final String THREE = "- parallel: [a, b, c]\n- d";

    @Test
    void branches_begin_together_in_the_order_written() {
      given(THREE)
          .then("started", "entered parallel_1#1; runs parallel_1/a, parallel_1/b, parallel_1/c")
          .due("run parallel_1/a#1", "run parallel_1/b#1", "run parallel_1/c#1");
    }

    @Test
    void the_join_waits_for_every_branch_and_maps_them_by_id() {
      given(THREE)
          .and(succeeded("parallel_1/c", 1, 3L), succeeded("parallel_1/a", 1, 1L))
          .when(succeeded("parallel_1/b", 1, 2L))
          .then(
              "completed parallel_1/b#1 = 2",
              "completed parallel_1#1 = {\"a\":1,\"b\":2,\"c\":3}; runs d");
    }

    @Test
    void a_failing_branch_cancels_the_others_and_their_late_results_change_nothing() {
      given(THREE)
          .when(failed("parallel_1/b", 1, broken()))
          .then(
              "failed parallel_1/b#1 adapter_error",
              "failed parallel_1#1 adapter_error; cancels parallel_1/a, parallel_1/c",
              "ended failed adapter_error")
          .when(succeeded("parallel_1/a", 1, 1L))
          .nothing("failed already");
    }

    @Test
    void a_late_result_of_a_cancelled_branch_is_ignored_while_handlers_run() {
      given("- x: {parallel: [a, b], on_error: [c]}")
          .and(failed("x/b", 1, broken()))
          .when(succeeded("x/a", 1, 1L))
          .nothing("x/a is cancelled")
          .due("run x/c#1");
    }

    @Test
    void a_skipped_branch_gives_null() {
      given("- x: {parallel: [{y: {when: false, adapter: a}}, b]}")
          .when(succeeded("x/b", 1, 1L))
          .then(
              "completed x/b#1 = 1",
              "completed x#1 = {\"y\":null,\"b\":1}",
              "ended completed = {\"y\":null,\"b\":1}");
    }

    @Test
    void a_branch_that_recovers_counts_as_done() {
      given("- x: {parallel: [{y: {adapter: a, on_error: {steps: [c], then: continue}}}, b]}")
          .and(failed("x/y", 1, broken()), succeeded("x/b", 1, 2L))
          .when(succeeded("x/y/c", 1, "spare"))
          .then(
              "completed x/y/c#1 = \"spare\"",
              "recovered x/y = \"spare\"",
              "completed x#1 = {\"y\":\"spare\",\"b\":2}",
              "ended completed = {\"y\":\"spare\",\"b\":2}");
    }

    @Test
    void nested_containers_join_from_the_inside() {
      given("- x: {parallel: [{y: {do: [a, {z: {parallel: [b, c]}}]}}, d]}\n- e")
          .and(succeeded("x/y/a", 1, 1L), succeeded("x/d", 1, 4L), succeeded("x/y/z/c", 1, 3L))
          .when(succeeded("x/y/z/b", 1, 2L))
          .then(
              "completed x/y/z/b#1 = 2",
              "completed x/y/z#1 = {\"b\":2,\"c\":3}",
              "completed x/y#1 = {\"b\":2,\"c\":3}",
              "completed x#1 = {\"y\":{\"b\":2,\"c\":3},\"d\":4}; runs e");
    }

    @Test
    void branches_that_end_at_once_join_at_once() {
      given("- x: {parallel: [{y: {set: {n: 1}}}, {z: {when: false, adapter: a}}]}\n- b")
          .then(
              "started",
              "entered x#1",
              "completed x/y#1 = {\"n\":1} sets {\"n\":1}",
              "skipped x/z",
              "completed x#1 = {\"y\":{\"n\":1},\"z\":null}; runs b");
    }

    @Test
    void a_branch_that_has_failed_the_whole_keeps_the_rest_from_beginning() {
      given("- x: {parallel: [a, {y: {raise: {type: no}}}, b]}")
          .then(
              "started",
              "entered x#1; runs x/a",
              "failed x/y#1 no",
              "failed x#1 no; cancels x/a",
              "ended failed no");
    }

    @Test
    void one_that_is_entered_again_within_a_decision_enters_each_branch_once() {
      given(
              "- x:\n"
                  + "    parallel:\n"
                  + "      - y: {when: $vars.calm == null, raise: {type: no}}\n"
                  + "      - a\n"
                  + "      - z: {set: {n: 1}}\n"
                  + "    on_error: {steps: [{h: {set: {calm: true}}}], then: retry}")
          .then(
              "started",
              "entered x#1",
              "failed x/y#1 no",
              "failed x#1 no caught by 0",
              "completed x/h#1 = {\"calm\":true} sets {\"calm\":true}",
              "retrying x#2 in PT0S after no as handled",
              "entered x#2",
              "skipped x/y; runs x/a",
              "completed x/z#1 = {\"n\":1} sets {\"n\":1}");
    }
  }

  @Nested
  class Groups {
    @Test
    void a_group_gives_the_output_of_its_last_step() {
      given("- x: {do: [a, b], output: {was: $result}}\n- c")
          .and(succeeded("x/a", 1, 1L))
          .when(succeeded("x/b", 1, 2L))
          .then("completed x/b#1 = 2", "completed x#1 = {\"was\":2}; runs c");
    }

    @Test
    void the_timeout_of_a_group_strikes_what_is_inside() {
      given("- x: {do: [a, b], timeout: 10s, on_error: [c]}")
          .then("started", "entered x#1 for PT10S; runs x/a")
          .due("wake PT10S", "run x/a#1")
          .passes("9S")
          .nothing("nothing is due")
          .passes("1S")
          .then("failed x#1 timeout caught by 0; runs x/c; cancels x/a")
          .due("run x/c#1");
    }

    @Test
    void the_timeout_of_a_parallel_strikes_its_branches_their_handlers_and_waits() {
      given("- x: {parallel: [{y: {adapter: a, on_error: [c]}}, {z: {wait: 1h}}], timeout: 10s}")
          .and(failed("x/y", 1, broken()))
          .passes("10S")
          .then("failed x#1 timeout; cancels x/z, x/y/c", "ended failed timeout");
    }

    @Test
    void attempts_of_what_a_retried_group_holds_go_on_counting() {
      given(
              "- x: {do: [a, b], retry: {attempts: 2, backoff: [3s], jitter: none, only:"
                  + " [adapter_error]}}")
          .and(succeeded("x/a", 1, 1L))
          .when(failed("x/b", 1, broken()))
          .then("failed x/b#1 adapter_error", "retrying x#2 in PT3S after adapter_error")
          .due("wake PT3S")
          .passes("3S")
          .then("entered x#2; runs x/a")
          .due("run x/a#2")
          .when(succeeded("x/a", 1, "stale"))
          .nothing("attempt 1 of step x/a is not the current one")
          .and(succeeded("x/a", 2, 1L))
          .due("run x/b#2");
    }

    @Test
    void a_step_in_a_retried_group_has_all_its_own_attempts_again() {
      given(
              "- x:\n"
                  + "    do: [{y: {adapter: a, retry: {attempts: 2, backoff: [1s], jitter:"
                  + " none}}}]\n"
                  + "    retry: {attempts: 2, backoff: [1s], jitter: none}")
          .and(failed("x/y", 1, down()))
          .later("1S")
          .when(failed("x/y", 2, down()))
          .then(
              "failed x/y#2 adapter_unavailable", "retrying x#2 in PT1S after adapter_unavailable")
          .passes("1S")
          .when(failed("x/y", 3, down()))
          .then("retrying x/y#4 in PT1S after adapter_unavailable")
          .later("1S")
          .when(failed("x/y", 4, down()))
          .then(
              "failed x/y#4 adapter_unavailable",
              "failed x#2 adapter_unavailable",
              "ended failed adapter_unavailable");
    }

    @Test
    void at_most_once_means_it_in_a_retried_group_too() {
      given(
              "- x: {do: [{y: {adapter: a, delivery: at_most_once}}, b], retry: {attempts: 2,"
                  + " backoff: [1s], jitter: none, only: [adapter_error]}}")
          .and(begun("x/y", 1), succeeded("x/y", 1, 1L), failed("x/b", 1, broken()))
          .passes("1S")
          .then(
              "entered x#2",
              "failed x/y#2 interrupted",
              "failed x#2 interrupted",
              "ended failed interrupted");
    }
  }

  @Nested
  class Pauses {
    @Test
    void a_wait_ends_when_its_time_has_come() {
      given("- x: {wait: 15m}\n- a")
          .then("started", "waiting x#1 for PT15M")
          .is(Status.WAITING)
          .due("wake PT15M")
          .passes("14M")
          .nothing("nothing is due")
          .passes("1M")
          .then("completed x#1 = null; runs a")
          .is(Status.RUNNING);
    }

    @Test
    void a_wait_until_a_time_that_is_past_is_over_at_once() {
      given("- x: {wait: {until: \"'2026-03-01T11:00:00Z'\"}}\n- a")
          .then("started", "completed x#1 = null; runs a");
    }

    @Test
    void a_wait_is_as_exact_as_the_database() {
      given("- x: {wait: {until: \"'2026-03-01T12:00:01.123456789Z'\"}}")
          .then("started", "waiting x#1 for PT1.123456S");
    }

    @Test
    void a_wait_that_cannot_be_reckoned_fails() {
      given("- x: {wait: {until: \"'soon'\"}}")
          .then("started", "failed x#1 expression", "ended failed expression");
    }

    @Test
    void a_wait_beside_a_call_is_running() {
      given("- parallel: [a, {x: {wait: 1h}}]")
          .is(Status.RUNNING)
          .and(succeeded("parallel_1/a", 1, 1L))
          .is(Status.WAITING);
    }

    @Test
    void an_await_takes_one_answer() {
      given("- x: {await: {callback: true}, output: $result.ok}\n- a")
          .then("started", "waiting x#1 for PT168H")
          .when(answered("x", Map.of("ok", true)))
          .then("completed x#1 = true; runs a")
          .when(answered("x", Map.of("ok", false)))
          .nothing("x is completed already");
    }

    @Test
    void an_unanswered_await_fails_in_time_and_a_late_answer_changes_nothing() {
      given("- x: {await: {callback: true, timeout: 1h}, on_error: [a]}")
          .passes("1H")
          .then("failed x#1 timeout caught by 0; runs x/a")
          .when(answered("x", 1L))
          .nothing("x is failed already");
    }

    @Test
    void an_unanswered_await_is_retried_only_if_that_is_named() {
      given("- x: {await: {callback: true, timeout: 1h}, retry: {attempts: 3}}")
          .passes("1H")
          .then("failed x#1 timeout", "ended failed timeout");
      given(
              "- x: {await: {callback: true, timeout: 1h}, retry: {attempts: 2, only: [timeout],"
                  + " backoff: [5s], jitter: none}}")
          .passes("1H")
          .then("retrying x#2 in PT5S after timeout")
          .due("wake PT5S")
          .passes("5S")
          .then("waiting x#2 for PT1H")
          .when(answered("x", 1L))
          .then("completed x#2 = 1", "ended completed = 1");
    }

    @Test
    void an_answer_during_the_call_that_announces_it_is_kept() {
      given("- x: {adapter: ask, await: {callback: true}}\n- a")
          .when(answered("x", "early"))
          .then("completed x#1 = \"early\"; runs a")
          .when(deferred("x", 1, Map.of("id", 1L)))
          .nothing("x is completed");
    }

    @Test
    void a_call_that_was_accepted_waits_for_its_answer() {
      given("- x: {adapter: ask, await: {callback: true, timeout: 1h}}")
          .when(deferred("x", 1, Map.of("id", 1L)))
          .then("waiting x#1 for PT1H called {\"id\":1}")
          .is(Status.WAITING)
          .due("wake PT1H")
          .when(answered("x", "yes"))
          .then("completed x#1 = \"yes\"", "ended completed = \"yes\"");
    }

    @Test
    void an_answer_counts_while_the_call_is_to_be_repeated() {
      given("- x: {adapter: ask, await: {callback: true}}")
          .and(failed("x", 1, down()))
          .when(answered("x", 5L))
          .then("completed x#2 = 5", "ended completed = 5");
    }

    @Test
    void an_answer_may_report_a_failure_which_is_retried_like_any_other() {
      given(
              "- x: {adapter: ask, await: {callback: true}, retry: {attempts: 2, backoff: [5s],"
                  + " jitter: none}}")
          .and(deferred("x", 1, null))
          .when(refused("x", down()))
          .then("retrying x#2 in PT5S after adapter_unavailable")
          .when(refused("x", down()))
          .nothing("the same answer")
          .later("5S")
          .due("run x#2")
          .and(deferred("x", 2, null))
          .when(refused("x", down()))
          .then("failed x#2 adapter_unavailable", "ended failed adapter_unavailable");
    }

    @Test
    void a_call_that_awaits_nothing_cannot_be_deferred() {
      given("- a")
          .when(deferred("a", 1, null))
          .then("failed a#1 internal", "ended failed internal");
    }

    @Test
    void a_step_that_awaits_nothing_takes_no_answer() {
      given("- a\n- b")
          .when(answered("a", 1L))
          .nothing("awaits no answer")
          .when(answered("nowhere", 1L))
          .nothing("awaits no answer");
    }
  }

  @Nested
  class AtMostOnce {
    private static final String FLOW =
        "- a: {adapter: charge, delivery: at_most_once, retry: {attempts: 3}}\n- b";

    @Test
    void its_start_is_a_line_of_its_own() {
      given(FLOW)
          .when(begun("a", 1))
          .then("begun a#1")
          .when(begun("a", 1))
          .nothing("has begun already");
      assertThat(given(FLOW).and(begun("a", 1)).execution().step("a").begun()).isTrue();
    }

    @Test
    void it_is_never_repeated() {
      given(FLOW)
          .and(begun("a", 1))
          .when(failed("a", 1, down()))
          .then("failed a#1 adapter_unavailable", "ended failed adapter_unavailable");
    }

    @Test
    void not_even_by_its_handler() {
      given("- a: {adapter: charge, delivery: at_most_once, on_error: {steps: [b], then: retry}}")
          .and(begun("a", 1), failed("a", 1, down()))
          .when(succeeded("a/b", 1, 1L))
          .then("completed a/b#1 = 1", "ended failed adapter_unavailable handled");
    }
  }

  @Nested
  class Ends {
    @Test
    void cancelling_stops_everything_that_is_at_work() {
      given("- parallel: [a, {x: {wait: 1h}}, {y: {do: [b]}}]\n- c")
          .when(cancelled("enough"))
          .then(
              "ended cancelled enough; cancels parallel_1, parallel_1/a, parallel_1/x,"
                  + " parallel_1/y, parallel_1/y/b")
          .is(Status.CANCELLED)
          .due()
          .when(succeeded("parallel_1/a", 1, 1L))
          .nothing("cancelled already")
          .when(cancelled("again"))
          .nothing("cancelled already");
    }

    @Test
    void the_timeout_of_the_flow_ends_it_whatever_is_at_work() {
      given(
              "timeout: 1m\n",
              "- a: {adapter: a, on_error: {steps: [b], then: continue}}\n- x: {wait: 1h}")
          .then("started for PT1M; runs a")
          .due("run a#1", "wake PT1M")
          .and(failed("a", 1, broken()), succeeded("a/b", 1, 1L))
          .passes("1M")
          .then("ended timed_out; cancels x")
          .is(Status.TIMED_OUT);
    }

    @Test
    void what_has_not_begun_takes_nothing_but_its_trigger() {
      Story.blank("steps: [a]")
          .when(succeeded("a", 1, 1L))
          .nothing("not begun yet")
          .when(at -> new Event.Triggered(null, null, at))
          .then("started; runs a")
          .when(at -> new Event.Triggered(null, null, at))
          .nothing("it has begun already");
    }

    @Test
    void outcomes_of_other_attempts_and_other_steps_change_nothing() {
      given("- a\n- b")
          .when(succeeded("a", 2, 1L))
          .nothing("attempt 2 of step a is not the current one, 1 is")
          .when(succeeded("b", 1, 1L))
          .nothing("step b has not been reached")
          .when(failed("nowhere", 1, down()))
          .nothing("has not been reached")
          .and(succeeded("a", 1, 1L))
          .when(failed("a", 1, down()))
          .nothing("a is completed");
    }

    @Test
    void a_structure_has_no_call_that_could_end() {
      given("- x: {do: [a]}")
          .when(succeeded("x", 1, 1L))
          .nothing("no call of it")
          .when(begun("x", 1))
          .nothing("no call of it");
      given("- x: {raise: {type: busy, retryable: true}, retry: {attempts: 2}}")
          .when(succeeded("x", 2, 1L))
          .nothing("no call of it");
    }
  }
}
