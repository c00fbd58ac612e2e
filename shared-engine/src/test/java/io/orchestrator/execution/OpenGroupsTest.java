package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.cancelledAndUndone;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What groups with a {@code finally} do when the execution as a whole ends around them. */
class OpenGroupsTest {
  private static final String NESTED =
      "- outer: {do: [{inner: {do: [b], finally: [c]}}], finally: [d], on_error: [e]}";

  @Test
  void a_cancel_lets_every_open_group_finish_the_innermost_first() {
    Story story =
        given("on_cancel: [tell]\nfinally: [notify_admin]\n", NESTED)
            .when(cancelled("enough"))
            .then(
                "ending cancelled because enough; cancels outer/inner/b",
                "closing outer/inner#1 after cancelled; runs outer/inner/c")
            .is(Status.RUNNING);
    story.when(cancelled("again")).nothing("ending already");
    story
        .when(succeeded("outer/inner/c", 1, 1L))
        .then(
            "completed outer/inner/c#1 = 1",
            "failed outer/inner#1 cancelled",
            "closing outer#1 after cancelled; runs outer/d")
        .when(succeeded("outer/d", 1, 1L))
        .then(
            "completed outer/d#1 = 1",
            "failed outer#1 cancelled",
            "cancelling enough; runs on_cancel/tell")
        .when(succeeded("on_cancel/tell", 1, 1L))
        .then(
            "completed on_cancel/tell#1 = 1", "finally after cancelled; runs finally/notify_admin")
        .when(succeeded("finally/notify_admin", 1, 1L))
        .then("completed finally/notify_admin#1 = 1", "ended cancelled enough")
        .is(Status.CANCELLED);
  }

  @Test
  void a_failure_in_it_does_not_keep_the_execution_from_being_cancelled() {
    given(NESTED)
        .and(cancelled("enough"))
        .when(failed("outer/inner/c", 1, broken()))
        .then(
            "failed outer/inner/c#1 adapter_error",
            "failed outer/inner#1 cancelled",
            "closing outer#1 after cancelled; runs outer/d")
        .when(failed("outer/d", 1, broken()))
        .then(
            "failed outer/d#1 adapter_error", "failed outer#1 cancelled", "ended cancelled enough");
  }

  @Test
  void the_timeout_of_the_flow_lets_them_finish_and_does_not_hurry_them() {
    given("timeout: 1h\n", "- g: {do: [a], finally: [b]}")
        .passes("1H")
        .then("ending timed_out; cancels g/a", "closing g#1 after cancelled; runs g/b")
        .passes("1H")
        .nothing("nothing is due")
        .when(succeeded("g/b", 1, 1L))
        .then("completed g/b#1 = 1", "failed g#1 cancelled", "ended timed_out");
  }

  @Test
  void a_return_leaves_a_group_by_way_of_its_finally() {
    given("- g: {do: [a, {r: {return: 5}}], finally: [b]}\n- c")
        .when(succeeded("g/a", 1, 1L))
        .then(
            "completed g/a#1 = 1",
            "completed g/r#1 = 5",
            "ending completed = 5",
            "closing g#1 after cancelled; runs g/b")
        .when(succeeded("g/b", 1, 1L))
        .then("completed g/b#1 = 1", "failed g#1 cancelled", "ended completed = 5");
  }

  @Test
  void a_failure_of_that_finally_takes_the_place_of_what_was_returned() {
    given("on_error: [tell]\n", "- g: {do: [{r: {return: 5}}], finally: [b]}")
        .when(failed("g/b", 1, broken()))
        .then(
            "failed g/b#1 adapter_error",
            "failed g#1 cancelled",
            "ending failed adapter_error at g",
            "handling adapter_error by 0; runs on_error/tell")
        .when(succeeded("on_error/tell", 1, 1L))
        .then("completed on_error/tell#1 = 1", "ended failed adapter_error handled");
  }

  @Test
  void a_return_in_a_finally_says_the_output_and_the_finally_is_done_to_its_end() {
    given(
            """
            - p:
                parallel:
                  - a
                  - g: {do: [b], finally: [{when_ok: {if: "$b == 1", then: [{r: {return: 7}}]}}, c]}
                  - h: {do: [d], finally: [e]}
            """)
        .when(succeeded("p/g/b", 1, 1L))
        .then(
            "completed p/g/b#1 = 1",
            "closing p/g#1 with 1",
            "entered p/g/when_ok#1 then",
            "completed p/g/when_ok/r#1 = 7",
            "ending completed = 7; cancels p, p/a, p/h/d",
            "closing p/h#1 after cancelled; runs p/h/e",
            "completed p/g/when_ok#1 = 7; runs p/g/c")
        .when(succeeded("p/g/c", 1, 1L))
        .then("completed p/g/c#1 = 1", "failed p/g#1 cancelled")
        .when(succeeded("p/h/e", 1, 1L))
        .then("completed p/h/e#1 = 1", "failed p/h#1 cancelled", "ended completed = 7");
  }

  @Test
  void groups_inside_of_a_finally_at_work_go_their_own_way() {
    given("- g: {do: [a], finally: [{k: {do: [b], finally: [c]}}, d]}")
        .and(succeeded("g/a", 1, 1L))
        .when(cancelled("enough"))
        .then("ending cancelled because enough")
        .due("run g/k/b#1")
        .when(succeeded("g/k/b", 1, 2L))
        .then("completed g/k/b#1 = 2", "closing g/k#1 with 2; runs g/k/c")
        .when(succeeded("g/k/c", 1, 3L))
        .then("completed g/k/c#1 = 3", "completed g/k#1 = 2; runs g/d")
        .when(succeeded("g/d", 1, 4L))
        .then("completed g/d#1 = 4", "failed g#1 cancelled", "ended cancelled enough");
  }

  @Test
  void groups_inside_of_a_finally_are_not_struck_by_what_ends_around_it() {
    given("- p: {parallel: [e, {g: {do: [a], finally: [{k: {do: [b], finally: [c]}}]}}]}")
        .and(succeeded("p/g/a", 1, 1L))
        .when(failed("p/e", 1, broken()))
        .then("failed p/e#1 adapter_error", "closing p#1 after adapter_error")
        .due("run p/g/k/b#1");
  }

  @Test
  void each_open_item_of_a_loop_has_its_own_and_still_sees_its_item() {
    Story story =
        given(
                """
                - each:
                    foreach: "[10, 20, 30]"
                    concurrency: 2
                    do:
                      - g: {do: [a], finally: [{s: {set: {last: $item}}}, b]}
                """)
            .when(cancelled("enough"))
            .is(Status.RUNNING)
            .due("run each[0]/g/b#1", "run each[1]/g/b#1");
    assertThat(story.execution().vars()).containsEntry("last", 20L);
    story
        .and(succeeded("each[0]/g/b", 1, 1L))
        .when(succeeded("each[1]/g/b", 1, 1L))
        .is(Status.CANCELLED);
  }

  @Test
  void what_was_done_is_undone_after_them() {
    given("- a: {adapter: a, compensate: refund}\n- g: {do: [b], finally: [c]}")
        .and(succeeded("a", 1, 1L))
        .when(cancelledAndUndone("enough"))
        .then(
            "ending cancelled because enough and compensating; cancels g/b",
            "closing g#1 after cancelled; runs g/c")
        .when(succeeded("g/c", 1, 1L))
        .then(
            "completed g/c#1 = 1",
            "failed g#1 cancelled",
            "compensating because enough; runs a/refund");
  }

  @Test
  void handlers_that_want_all_undone_wait_for_them_too() {
    given(
            "- a: {adapter: a, compensate: refund}\n"
                + "- g: {do: [{b: {adapter: b, on_error: {steps: [tell], then: compensate}}}],"
                + " finally: [c]}")
        .and(succeeded("a", 1, 1L), failed("g/b", 1, broken()))
        .when(succeeded("g/b/tell", 1, 1L))
        .then(
            "completed g/b/tell#1 = 1",
            "ending failed adapter_error handled",
            "closing g#1 after cancelled; runs g/c")
        .when(succeeded("g/c", 1, 1L))
        .then(
            "completed g/c#1 = 1",
            "failed g#1 cancelled",
            "compensating adapter_error handled; runs a/refund");
  }

  @Test
  void a_budget_that_is_used_up_lets_them_finish_before_the_handlers_of_the_flow() {
    given("budget: {steps: 1}\non_error: [tell]\n", "- g: {do: [a, b], finally: [c]}")
        .when(succeeded("g/a", 1, 1L))
        .then(
            "completed g/a#1 = 1",
            "ending failed budget_exceeded",
            "closing g#1 after cancelled; runs g/c")
        .when(succeeded("g/c", 1, 1L))
        .then(
            "completed g/c#1 = 1",
            "failed g#1 cancelled",
            "handling budget_exceeded by 0; runs on_error/tell");
  }

  @Test
  void a_budget_that_is_used_up_in_a_finally_fails_that() {
    given("budget: {steps: 1}\n", "- g: {do: [a], finally: [b]}")
        .when(succeeded("g/a", 1, 1L))
        .then(
            "completed g/a#1 = 1",
            "closing g#1 with 1",
            "ending failed budget_exceeded",
            "failed g/b#1 budget_exceeded",
            "failed g#1 budget_exceeded",
            "ended failed budget_exceeded");
  }

  @Test
  void the_timeout_of_the_flow_still_counts_before_its_handlers() {
    given("timeout: 1h\nbudget: {steps: 1}\non_error: [tell]\n", "- g: {do: [a, b], finally: [c]}")
        .and(succeeded("g/a", 1, 1L))
        .passes("1H")
        .then("ending timed_out")
        .when(succeeded("g/c", 1, 1L))
        .then("completed g/c#1 = 1", "failed g#1 cancelled", "ended timed_out");
  }
}
