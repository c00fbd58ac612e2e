package io.orchestrator.execution;

import static io.orchestrator.execution.Story.begun;
import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.cancelledAndUndone;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How executions end: undone, with the steps of {@code on_cancel} and of {@code finally}. */
class ClosingsTest {
  private static final String TWO =
      """
      - a: {adapter: a, compensate: refund}
      - b: {adapter: b, compensate: tell}
      - c
      """;

  private static Story failing() {
    return given(TWO).and(succeeded("a", 1, 1L), succeeded("b", 1, 2L));
  }

  @Nested
  class Undoing {
    @Test
    void what_ran_is_undone_in_reverse_order_of_completion() {
      failing()
          .when(failed("c", 1, broken()))
          .then("failed c#1 adapter_error", "compensating adapter_error; runs b/tell")
          .is(Status.COMPENSATING)
          .due("run b/tell#1")
          .when(succeeded("b/tell", 1, 1L))
          .then("completed b/tell#1 = 1", "compensated b; runs a/refund")
          .when(succeeded("a/refund", 1, null))
          .then("completed a/refund#1 = null", "compensated a", "ended compensated")
          .is(Status.COMPENSATED);
    }

    @Test
    void what_may_have_run_is_undone_too() {
      given("- a: {adapter: a, compensate: refund}")
          .when(failed("a", 1, Failure.temporary("timeout", "")))
          .then("failed a#1 timeout; owes a", "compensating timeout; runs a/refund");
    }

    @Test
    void what_certainly_did_not_run_is_not() {
      given("- a: {adapter: a, compensate: refund}")
          .when(failed("a", 1, broken()))
          .then("failed a#1 adapter_error", "ended failed adapter_error");
    }

    @Test
    void an_attempt_of_unknown_outcome_counts_although_the_last_one_was_refused() {
      given(
              "- a: {adapter: a, compensate: refund, retry: {attempts: 2, backoff: [1s], jitter:"
                  + " none}}")
          .when(failed("a", 1, down()))
          .then("retrying a#2 in PT1S after adapter_unavailable; owes a")
          .when(failed("a", 2, broken()))
          .then("failed a#2 adapter_error", "compensating adapter_error; runs a/refund");
    }

    @Test
    void a_call_in_flight_that_is_stopped_is_undone_if_its_start_is_committed() {
      String both = "- p: {parallel: [{x: {adapter: a, compensate: refund}}, b]}";
      given(both)
          .and(begun("p/x", 1))
          .when(failed("p/b", 1, broken()))
          .then(
              "failed p/b#1 adapter_error",
              "failed p#1 adapter_error; cancels p/x; owes p/x",
              "compensating adapter_error; runs p/x/refund");
      given(both)
          .when(failed("p/b", 1, broken()))
          .then(
              "failed p/b#1 adapter_error",
              "failed p#1 adapter_error; cancels p/x",
              "ended failed adapter_error");
    }

    @Test
    void an_undo_that_fails_for_good_does_not_stop_the_others() {
      failing()
          .and(failed("c", 1, broken()))
          .when(failed("b/tell", 1, broken()))
          .then("failed b/tell#1 adapter_error", "not compensated b adapter_error; runs a/refund")
          .when(succeeded("a/refund", 1, null))
          .then("completed a/refund#1 = null", "compensated a", "ended compensation_failed")
          .is(Status.COMPENSATION_FAILED);
    }

    @Test
    void each_undo_has_its_own_retry_and_handlers() {
      given(
              """
              - a:
                  adapter: a
                  compensate:
                    adapter: refund
                    retry: {attempts: 2, backoff: [1s], jitter: none}
                    on_error: {steps: [tell], then: continue}
              - b
              """)
          .and(succeeded("a", 1, 1L), failed("b", 1, broken()))
          .when(failed("a/compensate_1", 1, down()))
          .then("retrying a/compensate_1#2 in PT1S after adapter_unavailable")
          .is(Status.COMPENSATING)
          .when(failed("a/compensate_1", 2, down()))
          .then("failed a/compensate_1#2 adapter_unavailable caught by 0; runs a/compensate_1/tell")
          .when(succeeded("a/compensate_1/tell", 1, null))
          .then(
              "completed a/compensate_1/tell#1 = null",
              "recovered a/compensate_1 = null",
              "compensated a",
              "ended compensated");
    }

    @Test
    void a_group_is_undone_as_a_whole_when_something_in_it_ran() {
      String group = "- g: {do: [a, b], compensate: refund}\n- c";
      given(group)
          .and(succeeded("g/a", 1, 1L))
          .when(failed("g/b", 1, broken()))
          .then(
              "failed g/b#1 adapter_error",
              "failed g#1 adapter_error; owes g",
              "compensating adapter_error; runs g/refund");
      given(group)
          .when(failed("g/a", 1, broken()))
          .then(
              "failed g/a#1 adapter_error",
              "failed g#1 adapter_error",
              "ended failed adapter_error");
    }

    @Test
    void a_group_is_undone_when_a_loop_in_it_has_called_somebody() {
      String group =
          "- g: {do: [{each: {foreach: \"[1]\", do: [{call: {adapter: a}}]}}, b], compensate:"
              + " refund}";
      given(group)
          .when(succeeded("g/each[0]/call", 1, 1L))
          .then(
              "completed g/each[0]/call#1 = 1; ends g/each[0] = 1 having acted",
              "completed g/each#1 = [1]; runs g/b")
          .when(failed("g/b", 1, broken()))
          .then(
              "failed g/b#1 adapter_error",
              "failed g#1 adapter_error; owes g",
              "compensating adapter_error; runs g/refund");
    }

    @Test
    void a_loop_that_failed_is_undone_only_if_something_in_it_ran() {
      String each =
          "- each: {foreach: \"[1, 2]\", do: [{n: {set: {v: $item}}}, {a: {adapter: a}}],"
              + " compensate: refund}";
      given(each)
          .when(failed("each[0]/a", 1, broken()))
          .then(
              "failed each[0]/a#1 adapter_error",
              "failed each#1 adapter_error",
              "ended failed adapter_error");
      given(each)
          .and(succeeded("each[0]/a", 1, 1L))
          .when(failed("each[1]/a", 1, broken()))
          .then(
              "failed each[1]/a#1 adapter_error",
              "failed each#1 adapter_error; owes each",
              "compensating adapter_error; runs each/refund");
      given("- each: {foreach: \"[1, 2]\", do: [{r: {raise: {type: no}}}], compensate: refund}")
          .is(Status.FAILED);
    }

    @Test
    void a_tolerated_item_that_called_somebody_counts() {
      given(
              "- each: {foreach: \"[1, 2]\", complete: {tolerate: 1}, do: [{a: {adapter: a}}, {b:"
                  + " {adapter: b}}], compensate: refund}")
          .and(succeeded("each[0]/a", 1, 1L))
          .when(failed("each[0]/b", 1, broken()))
          .then(
              "failed each[0]/b#1 adapter_error; runs each[1]/a; gives up each[0] having acted;"
                  + " begins each[1]")
          .when(failed("each[1]/a", 1, broken()))
          .then(
              "failed each[1]/a#1 adapter_error",
              "failed each#1 adapter_error; owes each",
              "compensating adapter_error; runs each/refund");
    }

    @Test
    void a_loop_over_nothing_has_done_nothing() {
      given("- each: {foreach: \"[]\", do: [a], compensate: refund}\n- b")
          .when(failed("b", 1, broken()))
          .then("failed b#1 adapter_error", "ended failed adapter_error");
    }

    @Test
    void a_group_that_is_repeated_is_undone_for_what_its_first_attempt_did() {
      given(
              "- g: {do: [a, b], compensate: refund, retry: {attempts: 2, only: [adapter_error],"
                  + " backoff: [1s], jitter: none}}")
          .and(succeeded("g/a", 1, 1L))
          .when(failed("g/b", 1, broken()))
          .then("failed g/b#1 adapter_error", "retrying g#2 in PT1S after adapter_error; owes g")
          .passes("1S")
          .when(failed("g/a", 2, broken()))
          .then(
              "failed g/a#2 adapter_error",
              "failed g#2 adapter_error",
              "compensating adapter_error; runs g/refund");
    }

    @Test
    void another_flow_and_an_event_count_as_something_done() {
      given("- g: {do: [{tell: {emit: {type: told}}}, b], compensate: refund}")
          .when(failed("g/b", 1, broken()))
          .then(
              "failed g/b#1 adapter_error",
              "failed g#1 adapter_error; owes g",
              "compensating adapter_error; runs g/refund");
    }

    @Test
    void every_iteration_is_undone_and_sees_its_own_item() {
      Story story =
          given(
                  """
                  - each:
                      foreach: "[10, 20]"
                      as: order
                      do:
                        - pay: {adapter: charge, compensate: {adapter: refund, params: {of: $pay, n: $order, i: $index}}}
                  - c
                  """)
              .and(succeeded("each[0]/pay", 1, "p0"), succeeded("each[1]/pay", 1, "p1"))
              .when(failed("c", 1, broken()))
              .then(
                  "failed c#1 adapter_error",
                  "compensating adapter_error; runs each[1]/pay/compensate_1");
      CallPlan second =
          CallPlan.of(
              story.plan(), story.execution(), "each[1]/pay/compensate_1", null, null, story.now());
      assertThat(((CallPlan.Ready) second).params())
          .isEqualTo(Map.of("of", "p1", "n", 20L, "i", 1L));
      story
          .when(succeeded("each[1]/pay/compensate_1", 1, null))
          .then(
              "completed each[1]/pay/compensate_1#1 = null",
              "compensated each[1]/pay; runs each[0]/pay/compensate_1");
      CallPlan first =
          CallPlan.of(
              story.plan(), story.execution(), "each[0]/pay/compensate_1", null, null, story.now());
      assertThat(((CallPlan.Ready) first).params())
          .isEqualTo(Map.of("of", "p0", "n", 10L, "i", 0L));
    }

    @Test
    void thousands_of_undos_that_end_at_once_need_no_deep_stack() {
      Story story =
          given(
              """
              - each:
                  foreach: "range(0, 3000)"
                  do:
                    - n: {set: {last: $item}, compensate: {set: {undone: $item}}}
              - c
              """);
      while (story.execution().step("c") == null) {
        story.and(elapsed());
      }
      story.when(failed("c", 1, broken())).is(Status.COMPENSATED);
      assertThat(story.execution().vars()).containsEntry("undone", 0L);
    }

    @Test
    void then_compensate_ends_the_flow_whatever_contains_the_step() {
      given(
              """
              - a: {adapter: a, compensate: refund}
              - g:
                  do:
                    - b: {adapter: b, on_error: {steps: [tell], then: compensate}}
                  on_error: {steps: [log_failure], then: continue}
              """)
          .and(succeeded("a", 1, 1L), failed("g/b", 1, broken()))
          .when(succeeded("g/b/tell", 1, null))
          .then(
              "completed g/b/tell#1 = null",
              "compensating adapter_error handled; runs a/refund; cancels g");
    }

    @Test
    void handlers_of_the_flow_run_before_anything_is_undone() {
      given("on_error: [tell]\n", "- a: {adapter: a, compensate: refund}\n- b")
          .and(succeeded("a", 1, 1L))
          .when(failed("b", 1, broken()))
          .then("failed b#1 adapter_error", "handling adapter_error by 0; runs on_error/tell")
          .when(succeeded("on_error/tell", 1, null))
          .then(
              "completed on_error/tell#1 = null",
              "compensating adapter_error handled; runs a/refund");
    }

    @Test
    void a_flow_that_runs_out_of_time_is_undone() {
      given("timeout: 1h\n", "- a: {adapter: a, compensate: refund}\n- b")
          .and(succeeded("a", 1, 1L))
          .passes("1H")
          .then("compensating timeout; runs a/refund; cancels b")
          .due("run a/refund#1");
    }

    @Test
    void nothing_is_undone_after_a_good_end() {
      failing().when(succeeded("c", 1, 3L)).then("completed c#1 = 3", "ended completed = 3");
    }
  }

  @Nested
  class Cancelling {
    @Test
    void a_cancel_undoes_only_if_it_is_asked_to() {
      failing().when(cancelled("enough")).then("ended cancelled enough; cancels c");
      failing()
          .when(cancelledAndUndone("enough"))
          .then("compensating because enough; runs b/tell; cancels c")
          .and(succeeded("b/tell", 1, null), succeeded("a/refund", 1, null))
          .is(Status.COMPENSATED);
      assertThat(
              failing()
                  .and(cancelledAndUndone("enough"))
                  .and(succeeded("b/tell", 1, null), succeeded("a/refund", 1, null))
                  .execution()
                  .reason())
          .isEqualTo("enough");
    }

    @Test
    void the_flow_may_say_that_every_cancel_undoes() {
      given(
              "on_cancel: {steps: [tell], then: compensate}\n",
              "- a: {adapter: a, compensate: refund}\n- c")
          .and(succeeded("a", 1, 1L))
          .when(cancelled("enough"))
          .then("cancelling enough and compensating; runs on_cancel/tell; cancels c")
          .is(Status.RUNNING)
          .when(succeeded("on_cancel/tell", 1, null))
          .then("completed on_cancel/tell#1 = null", "compensating because enough; runs a/refund");
    }

    @Test
    void steps_of_on_cancel_run_and_then_it_is_cancelled_although_one_fails() {
      Story story =
          given("on_cancel: [tell, notify_admin]\n", "- a")
              .when(cancelled("enough"))
              .then("cancelling enough; runs on_cancel/tell; cancels a");
      story.when(cancelled("again")).nothing("ending already");
      story
          .when(succeeded("on_cancel/tell", 1, null))
          .then("completed on_cancel/tell#1 = null; runs on_cancel/notify_admin")
          .when(failed("on_cancel/notify_admin", 1, broken()))
          .then("failed on_cancel/notify_admin#1 adapter_error", "ended cancelled enough");
    }

    @Test
    void what_is_being_undone_is_not_stopped() {
      failing().and(failed("c", 1, broken())).when(cancelled("enough")).nothing("ending already");
    }

    @Test
    void a_cancel_while_a_failure_is_handled_undoes_what_the_failure_would_have_undone() {
      given("on_error: [tell]\n", "- a: {adapter: a, compensate: refund}\n- b")
          .and(succeeded("a", 1, 1L), failed("b", 1, broken()))
          .when(cancelled("enough"))
          .then("compensating adapter_error because enough; runs a/refund; cancels on_error/tell");
    }
  }

  @Nested
  class LastSteps {
    private static final String KEYS = "finally: [tell]\n";

    @Test
    void they_run_after_a_good_end_and_see_the_output() {
      Story story =
          given(
                  "finally: [{last: {adapter: tell, params: {out: $output, error: $error}}}]\n",
                  "- a")
              .when(succeeded("a", 1, 7L))
              .then("completed a#1 = 7", "finally after completed; runs finally/last");
      CallPlan call =
          CallPlan.of(story.plan(), story.execution(), "finally/last", null, null, story.now());
      Map<String, Object> params = new java.util.LinkedHashMap<>();
      params.put("out", 7L);
      params.put("error", null);
      assertThat(((CallPlan.Ready) call).params()).isEqualTo(params);
      story
          .when(succeeded("finally/last", 1, 8L))
          .then("completed finally/last#1 = 8", "ended completed = 7");
    }

    @Test
    void a_return_ends_them_and_says_the_output_of_a_good_end_alone() {
      String keys = "finally: [{enough: {when: $output == 7, return: 9}}, tell]\n";
      given(keys, "- a")
          .when(succeeded("a", 1, 7L))
          .then(
              "completed a#1 = 7",
              "finally after completed",
              "completed finally/enough#1 = 9",
              "ended completed = 9");
      given("finally: [{enough: {return: 9}}, tell]\n", "- a")
          .when(failed("a", 1, broken()))
          .then(
              "failed a#1 adapter_error",
              "finally after failed adapter_error",
              "completed finally/enough#1 = 9",
              "ended failed adapter_error");
    }

    @Test
    void a_return_in_a_group_of_them_that_tidies_up_lets_the_group_end() {
      given("finally: [{last: {do: [b], finally: [{enough: {return: 9}}]}}, tell]\n", "- a")
          .when(succeeded("a", 1, 7L))
          .then(
              "completed a#1 = 7",
              "finally after completed",
              "entered finally/last#1; runs finally/last/b")
          .when(succeeded("finally/last/b", 1, 8L))
          .then(
              "completed finally/last/b#1 = 8",
              "closing finally/last#1 with 8",
              "completed finally/last/enough#1 = 9",
              "completed finally/last#1 = 8; runs finally/tell");
    }

    @Test
    void a_return_in_on_cancel_leaves_the_rest_of_it_out() {
      given("on_cancel: [{enough: {return: 9}}, tell]\n", "- a")
          .when(cancelled("enough"))
          .then(
              "cancelling enough; cancels a",
              "completed on_cancel/enough#1 = 9",
              "ended cancelled enough");
    }

    @Test
    void they_run_after_a_failure_and_cannot_hide_it() {
      given(KEYS, "- a")
          .when(failed("a", 1, broken()))
          .then("failed a#1 adapter_error", "finally after failed adapter_error; runs finally/tell")
          .when(failed("finally/tell", 1, Failure.fatal("forbidden", "")))
          .then("failed finally/tell#1 forbidden", "ended failed adapter_error");
    }

    @Test
    void their_own_failure_spoils_a_good_end() {
      given(KEYS, "- a")
          .and(succeeded("a", 1, 7L))
          .when(failed("finally/tell", 1, broken()))
          .then("failed finally/tell#1 adapter_error", "ended failed adapter_error");
    }

    @Test
    void they_run_after_a_return_a_cancel_a_timeout_and_after_everything_is_undone() {
      given(KEYS, "- p: {parallel: [a, {b: {return: 5}}]}")
          .is(Status.RUNNING)
          .when(succeeded("finally/tell", 1, null))
          .then("completed finally/tell#1 = null", "ended completed = 5");
      given(KEYS, "- a")
          .when(cancelled("enough"))
          .then("finally after cancelled; runs finally/tell; cancels a")
          .when(succeeded("finally/tell", 1, null))
          .then("completed finally/tell#1 = null", "ended cancelled enough");
      given(KEYS + "timeout: 1h\n", "- a")
          .passes("1H")
          .then("finally after timed_out; runs finally/tell; cancels a")
          .passes("1H")
          .nothing("nothing is due")
          .when(succeeded("finally/tell", 1, null))
          .then("completed finally/tell#1 = null", "ended timed_out");
      given(KEYS, "- a: {adapter: a, compensate: refund}\n- b")
          .and(succeeded("a", 1, 1L), failed("b", 1, broken()))
          .when(succeeded("a/refund", 1, null))
          .then(
              "completed a/refund#1 = null",
              "compensated a",
              "finally after compensated adapter_error; runs finally/tell")
          .when(succeeded("finally/tell", 1, null))
          .then("completed finally/tell#1 = null", "ended compensated");
    }
  }

  @Test
  void a_call_that_announced_its_answer_is_undone_when_it_is_stopped() {
    given("- x: {adapter: ask, await: {callback: true}, compensate: refund}")
        .and(begun("x", 1), deferred("x", 1, 1L))
        .when(cancelledAndUndone("enough"))
        .then("compensating because enough; runs x/refund; cancels x; owes x");
  }
}
