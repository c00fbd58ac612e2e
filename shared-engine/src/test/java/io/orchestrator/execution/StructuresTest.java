package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;

import org.junit.jupiter.api.Test;

/** What switch, assert, the completions of parallel and the finally of a group do. */
class StructuresTest {
  private static final String RACE = "- p: {parallel: [a, b, c], complete: ";

  @Test
  void a_switch_takes_the_case_that_its_value_names() {
    given("- s: {switch: \"'two'\", cases: {one: [a], two: [b]}, default: [c]}")
        .then("started", "entered s#1 two; runs s/b; skips s/a, s/c")
        .when(succeeded("s/b", 1, 2L))
        .then("completed s/b#1 = 2", "completed s#1 = 2", "ended completed = 2");
    given("- s: {switch: 1 + 1, cases: {'1': [a], '2': [b]}}").due("run s/b#1");
    given("- s: {switch: $input.missing, cases: {x: [a]}, default: [c]}")
        .then("started", "entered s#1 default; runs s/c; skips s/a");
    given("- s: {switch: \"'x'\", cases: {y: [a]}}")
        .then(
            "started", "entered s#1; skips s/a", "completed s#1 = null", "ended completed = null");
  }

  @Test
  void a_switch_takes_the_first_case_whose_condition_holds_and_warns_of_null() {
    given(
            """
            - switch:
                - {when: $input.missing, steps: [a]}
                - {when: 2 > 1, steps: [b]}
                - {when: true, steps: [c]}
            """)
        .then(
            "started",
            "entered switch_1#1 2 when: the condition is null, which counts as false; runs"
                + " switch_1/b; skips switch_1/a, switch_1/c");
  }

  @Test
  void a_condition_that_is_null_takes_the_else_and_warns() {
    given("- x: {if: $input.missing, then: [a], else: [b]}")
        .then(
            "started",
            "entered x#1 else if: the condition is null, which counts as false; runs x/b; skips"
                + " x/a");
  }

  @Test
  void an_assertion_that_does_not_hold_fails_with_its_message() {
    given("- x: {assert: 1 < 2}").is(Status.COMPLETED);
    Story story = given("- x: {assert: 2 < 1, message: 'not ${ 1 + 1 }'}").is(Status.FAILED);
    org.assertj.core.api.Assertions.assertThat(story.execution().failure())
        .isEqualTo(Failure.fatal("assertion", "not 2"));
  }

  @Test
  void with_any_the_first_branch_that_ends_well_ends_the_parallel() {
    given(RACE + "any}")
        .and(failed("p/a", 1, broken()))
        .when(succeeded("p/b", 1, 2L))
        .then(
            "completed p/b#1 = 2",
            "completed p#1 = {\"a\":null,\"b\":2,\"c\":null}; cancels p/c",
            "ended completed = {\"a\":null,\"b\":2,\"c\":null}");
    given(RACE + "any}")
        .and(failed("p/a", 1, broken()), failed("p/b", 1, broken()))
        .when(failed("p/c", 1, broken()))
        .then(
            "failed p/c#1 adapter_error", "failed p#1 adapter_error", "ended failed adapter_error");
  }

  @Test
  void with_min_the_parallel_fails_as_soon_as_it_cannot_come_to_so_many() {
    given(RACE + "{min: 2}}")
        .and(failed("p/a", 1, broken()))
        .when(failed("p/b", 1, broken()))
        .then(
            "failed p/b#1 adapter_error",
            "failed p#1 adapter_error; cancels p/c",
            "ended failed adapter_error");
    given(RACE + "{min: 2}}")
        .and(succeeded("p/c", 1, 3L))
        .when(succeeded("p/a", 1, 1L))
        .then(
            "completed p/a#1 = 1",
            "completed p#1 = {\"a\":1,\"b\":null,\"c\":3}; cancels p/b",
            "ended completed = {\"a\":1,\"b\":null,\"c\":3}");
  }

  @Test
  void with_tolerate_all_branches_are_waited_for_and_so_many_may_fail() {
    given(RACE + "{tolerate: 1}}")
        .and(failed("p/a", 1, broken()), succeeded("p/b", 1, 2L))
        .when(succeeded("p/c", 1, 3L))
        .then(
            "completed p/c#1 = 3",
            "completed p#1 = {\"a\":null,\"b\":2,\"c\":3}",
            "ended completed = {\"a\":null,\"b\":2,\"c\":3}");
    given(RACE + "{tolerate: 1}}")
        .and(failed("p/a", 1, broken()))
        .when(failed("p/b", 1, broken()))
        .then(
            "failed p/b#1 adapter_error",
            "failed p#1 adapter_error; cancels p/c",
            "ended failed adapter_error");
  }

  @Test
  void a_branch_that_is_skipped_is_out_of_the_race() {
    given("- p: {parallel: [x: {adapter: a, when: false}, y: {adapter: b}], complete: any}")
        .then("started", "entered p#1", "skipped p/x; runs p/y")
        .when(succeeded("p/y", 1, 2L))
        .then(
            "completed p/y#1 = 2",
            "completed p#1 = {\"x\":null,\"y\":2}",
            "ended completed = {\"x\":null,\"y\":2}");
  }

  @Test
  void no_more_branches_than_the_concurrency_says_are_at_work() {
    given("- p: {parallel: [a, b, c], concurrency: 2}")
        .due("run p/a#1", "run p/b#1")
        .when(succeeded("p/b", 1, 2L))
        .then("completed p/b#1 = 2; runs p/c")
        .due("run p/a#1", "run p/c#1");
  }

  @Test
  void what_stands_under_finally_is_done_after_the_steps_of_a_group() {
    given("- g: {do: [a], finally: [b]}")
        .when(succeeded("g/a", 1, 1L))
        .then("completed g/a#1 = 1", "closing g#1 with 1; runs g/b")
        .when(succeeded("g/b", 1, 2L))
        .then("completed g/b#1 = 2", "completed g#1 = 1", "ended completed = 1");
  }

  @Test
  void it_is_done_after_a_failure_before_the_handlers_hear_of_it() {
    given("- g: {do: [a], finally: [{s: {set: {e: $error.type}}}, b], on_error: [c]}")
        .when(failed("g/a", 1, broken()))
        .then(
            "failed g/a#1 adapter_error",
            "closing g#1 after adapter_error",
            "completed g/s#1 = {\"e\":\"adapter_error\"} sets {\"e\":\"adapter_error\"}; runs g/b")
        .when(succeeded("g/b", 1, 2L))
        .then("completed g/b#1 = 2", "failed g#1 adapter_error caught by 0; runs g/c");
  }

  @Test
  void it_is_done_in_every_attempt_of_the_group_and_when_its_time_is_over() {
    given(
            "- g: {do: [a], finally: [b], timeout: 10s, retry: {attempts: 2, delay: 1s, jitter:"
                + " none}}")
        .passes("10S")
        .then("closing g#1 after timeout; runs g/b; cancels g/a")
        .due("run g/b#1")
        .when(succeeded("g/b", 1, 2L))
        .then("completed g/b#1 = 2", "retrying g#2 in PT1S after timeout")
        .passes("1S")
        .then("entered g#2 for PT10S; runs g/a")
        .and(succeeded("g/a", 2, 1L))
        .when(succeeded("g/b", 2, 1L))
        .is(Status.COMPLETED);
  }

  @Test
  void it_is_done_when_another_branch_fails_and_then_the_parallel_does() {
    given(
            """
            - p:
                parallel:
                  - a
                  - outer:
                      do: [{inner: {do: [b], finally: [c]}}]
                      finally: [d]
                      on_error: [e]
                on_error: [f]
            """)
        .when(failed("p/a", 1, broken()))
        .then(
            "failed p/a#1 adapter_error",
            "closing p#1 after adapter_error; cancels p/outer/inner/b",
            "closing p/outer/inner#1 after cancelled; runs p/outer/inner/c")
        .when(succeeded("p/outer/inner/c", 1, 1L))
        .then(
            "completed p/outer/inner/c#1 = 1",
            "failed p/outer/inner#1 cancelled",
            "closing p/outer#1 after cancelled; runs p/outer/d")
        .when(failed("p/outer/d", 1, broken()))
        .then(
            "failed p/outer/d#1 adapter_error",
            "failed p/outer#1 cancelled",
            "failed p#1 adapter_error caught by 0; runs p/f");
  }

  @Test
  void it_is_done_for_the_branches_that_any_does_not_wait_for() {
    given("- p: {parallel: [a, g: {do: [b], finally: [c]}], complete: any}")
        .when(succeeded("p/a", 1, 1L))
        .then(
            "completed p/a#1 = 1",
            "closing p#1 with {\"a\":1,\"g\":null}; cancels p/g/b",
            "closing p/g#1 after cancelled; runs p/g/c")
        .when(succeeded("p/g/c", 1, 1L))
        .then(
            "completed p/g/c#1 = 1",
            "failed p/g#1 cancelled",
            "completed p#1 = {\"a\":1,\"g\":null}",
            "ended completed = {\"a\":1,\"g\":null}");
  }

  @Test
  void a_finally_that_is_at_work_is_not_disturbed_by_what_ends_around_it() {
    given("- p: {parallel: [a, g: {do: [b], finally: [c]}]}")
        .and(succeeded("p/g/b", 1, 1L))
        .when(failed("p/a", 1, broken()))
        .then("failed p/a#1 adapter_error", "closing p#1 after adapter_error")
        .due("run p/g/c#1")
        .when(succeeded("p/g/c", 1, 1L))
        .then(
            "completed p/g/c#1 = 1",
            "failed p/g#1 cancelled",
            "failed p#1 adapter_error",
            "ended failed adapter_error");
  }

  @Test
  void a_failure_in_it_fails_the_group_and_the_first_failure_is_kept() {
    given("- g: {do: [a], finally: [b]}")
        .and(succeeded("g/a", 1, 1L))
        .when(failed("g/b", 1, broken()))
        .then(
            "failed g/b#1 adapter_error", "failed g#1 adapter_error", "ended failed adapter_error");
    given("- g: {do: [a], finally: [b]}")
        .and(failed("g/a", 1, Failure.fatal("conflict", "409")))
        .when(failed("g/b", 1, broken()))
        .then("failed g/b#1 adapter_error", "failed g#1 conflict", "ended failed conflict");
  }
}
