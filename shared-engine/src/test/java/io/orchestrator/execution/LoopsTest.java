package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What foreach and repeat do. */
class LoopsTest {

  @Test
  void the_items_of_a_foreach_are_done_one_after_the_other_and_their_results_are_its_output() {
    given("- each: {foreach: '[10, 20]', do: [a]}")
        .then("started", "entered each#1 over [10,20]; runs each[0]/a; begins each[0]")
        .due("run each[0]/a#1")
        .when(succeeded("each[0]/a", 1, "ten"))
        .then(
            "completed each[0]/a#1 = \"ten\"; runs each[1]/a; ends each[0] = \"ten\"; begins"
                + " each[1]")
        .when(succeeded("each[1]/a", 1, "twenty"))
        .then(
            "completed each[1]/a#1 = \"twenty\"; ends each[1] = \"twenty\"",
            "completed each#1 = [\"ten\",\"twenty\"]",
            "ended completed = [\"ten\",\"twenty\"]");
  }

  @Test
  void
      as_many_items_as_the_concurrency_says_are_at_work_and_the_results_keep_the_order_of_the_input() {
    Story story =
        given("- each: {foreach: '[1, 2, 3]', concurrency: 2, do: [a]}")
            .due("run each[0]/a#1", "run each[1]/a#1")
            .when(succeeded("each[1]/a", 1, "two"))
            .then(
                "completed each[1]/a#1 = \"two\"; runs each[2]/a; ends each[1] = \"two\"; begins"
                    + " each[2]")
            .due("run each[0]/a#1", "run each[2]/a#1");
    assertThat(story.execution().frontier())
        .isEqualTo(
            "[[\"each\",\"running\",1,0,0],[\"each[0]/a\",\"running\",1],[\"each[2]/a\",\"running\",1]]");
    story
        .and(succeeded("each[2]/a", 1, "three"))
        .when(succeeded("each[0]/a", 1, "one"))
        .then(
            "completed each[0]/a#1 = \"one\"; ends each[0] = \"one\"",
            "completed each#1 = [\"one\",\"two\",\"three\"]",
            "ended completed = [\"one\",\"two\",\"three\"]");
  }

  @Test
  void an_item_is_seen_by_its_name_and_number_and_collect_says_what_is_kept_of_it() {
    given(
            """
            - each:
                foreach: "['x', 'y']"
                as: letter
                collect: {n: $index, l: $letter, of: $second}
                do:
                  - first: {set: {last: $item}}
                  - second: {set: {both: "${ $letter }${ $first.last }${ $index }"}}
            """)
        .then(
            "started",
            "entered each#1 over [\"x\",\"y\"]; begins each[0]",
            "completed each[0]/first#1 = {\"last\":\"x\"} sets {\"last\":\"x\"}",
            "completed each[0]/second#1 = {\"both\":\"xx0\"} sets {\"both\":\"xx0\"};"
                + " ends each[0] = {\"n\":0,\"l\":\"x\",\"of\":{\"both\":\"xx0\"}}; begins each[1]",
            "completed each[1]/first#1 = {\"last\":\"y\"} sets {\"last\":\"y\"}",
            "completed each[1]/second#1 = {\"both\":\"yy1\"} sets {\"both\":\"yy1\"};"
                + " ends each[1] = {\"n\":1,\"l\":\"y\",\"of\":{\"both\":\"yy1\"}}",
            "completed each#1 = [{\"n\":0,\"l\":\"x\",\"of\":{\"both\":\"xx0\"}},"
                + "{\"n\":1,\"l\":\"y\",\"of\":{\"both\":\"yy1\"}}]",
            "ended completed = [{\"n\":0,\"l\":\"x\",\"of\":{\"both\":\"xx0\"}},"
                + "{\"n\":1,\"l\":\"y\",\"of\":{\"both\":\"yy1\"}}]");
  }

  @Test
  void inside_nested_loops_the_nearest_iteration_is_seen_and_outer_ones_by_their_names() {
    given(
            """
            - outer:
                foreach: "[[1, 2], [3]]"
                as: row
                do:
                  - inner:
                      foreach: $item
                      do:
                        - sum: {set: {s: "${ size($row) }-${ $item }-${ $index }"}}
                        - kept: {set: {k: $sum.s}}
            """)
        .is(Status.COMPLETED)
        .then(
            "started",
            "entered outer#1 over [[1,2],[3]]; begins outer[0]",
            "entered outer[0]/inner#1 over [1,2]; begins outer[0]/inner[0]",
            "completed outer[0]/inner[0]/sum#1 = {\"s\":\"2-1-0\"} sets {\"s\":\"2-1-0\"}",
            "completed outer[0]/inner[0]/kept#1 = {\"k\":\"2-1-0\"} sets {\"k\":\"2-1-0\"};"
                + " ends outer[0]/inner[0] = {\"k\":\"2-1-0\"}; begins outer[0]/inner[1]",
            "completed outer[0]/inner[1]/sum#1 = {\"s\":\"2-2-1\"} sets {\"s\":\"2-2-1\"}",
            "completed outer[0]/inner[1]/kept#1 = {\"k\":\"2-2-1\"} sets {\"k\":\"2-2-1\"};"
                + " ends outer[0]/inner[1] = {\"k\":\"2-2-1\"}",
            "completed outer[0]/inner#1 = [{\"k\":\"2-1-0\"},{\"k\":\"2-2-1\"}];"
                + " ends outer[0] = [{\"k\":\"2-1-0\"},{\"k\":\"2-2-1\"}]; begins outer[1]",
            "entered outer[1]/inner#1 over [3]; begins outer[1]/inner[0]",
            "completed outer[1]/inner[0]/sum#1 = {\"s\":\"1-3-0\"} sets {\"s\":\"1-3-0\"}",
            "completed outer[1]/inner[0]/kept#1 = {\"k\":\"1-3-0\"} sets {\"k\":\"1-3-0\"};"
                + " ends outer[1]/inner[0] = {\"k\":\"1-3-0\"}",
            "completed outer[1]/inner#1 = [{\"k\":\"1-3-0\"}]; ends outer[1] = [{\"k\":\"1-3-0\"}]",
            "completed outer#1 = [[{\"k\":\"2-1-0\"},{\"k\":\"2-2-1\"}],[{\"k\":\"1-3-0\"}]]",
            "ended completed = [[{\"k\":\"2-1-0\"},{\"k\":\"2-2-1\"}],[{\"k\":\"1-3-0\"}]]");
  }

  @Test
  void a_failing_item_cancels_the_others_and_fails_the_foreach() {
    given("- each: {foreach: '[1, 2, 3]', concurrency: 2, do: [a]}")
        .when(failed("each[1]/a", 1, broken()))
        .then(
            "failed each[1]/a#1 adapter_error",
            "failed each#1 adapter_error; cancels each[0]/a",
            "ended failed adapter_error");
  }

  @Test
  void as_many_items_as_are_tolerated_may_fail_and_their_results_are_null() {
    given("- each: {foreach: '[1, 2, 3]', complete: {tolerate: 34%}, do: [a]}")
        .when(failed("each[0]/a", 1, broken()))
        .then("failed each[0]/a#1 adapter_error; runs each[1]/a; gives up each[0]; begins each[1]")
        .and(succeeded("each[1]/a", 1, 2L))
        .and(succeeded("each[2]/a", 1, 3L))
        .is(Status.COMPLETED);
    given("- each: {foreach: '[1, 2, 3]', complete: {tolerate: 1}, do: [a]}")
        .and(failed("each[0]/a", 1, broken()))
        .when(failed("each[1]/a", 1, broken()))
        .then(
            "failed each[1]/a#1 adapter_error",
            "failed each#1 adapter_error",
            "ended failed adapter_error");
  }

  @Test
  void an_item_is_handled_and_repeated_like_any_other_step() {
    given(
            "- each: {foreach: '[1, 2]', do: [{x: {adapter: a, on_error: {steps: [b], then:"
                + " continue}}}]}")
        .and(failed("each[0]/x", 1, broken()))
        .due("run each[0]/x/b#1")
        .when(succeeded("each[0]/x/b", 1, "spare"))
        .then(
            "completed each[0]/x/b#1 = \"spare\"",
            "recovered each[0]/x = \"spare\"; runs each[1]/x; ends each[0] = \"spare\"; begins"
                + " each[1]");
  }

  @Test
  void a_foreach_that_is_repeated_goes_on_counting_the_attempts_of_its_steps() {
    given(
            "- each: {foreach: '[1, 2]', do: [a], retry: {attempts: 2, delay: 1s, jitter: none,"
                + " only: ['*']}}")
        .and(failed("each[0]/a", 1, down()))
        .passes("5S")
        .and(succeeded("each[0]/a", 2, "one"))
        .when(failed("each[1]/a", 1, broken()))
        .then("failed each[1]/a#1 adapter_error", "retrying each#2 in PT1S after adapter_error")
        .passes("1S")
        .then("entered each#2 over [1,2]; runs each[0]/a; begins each[0]")
        .due("run each[0]/a#3")
        .when(succeeded("each[0]/a", 1, "late"))
        .nothing("not the current one")
        .and(succeeded("each[0]/a", 3, "again"))
        .due("run each[1]/a#3");
  }

  @Test
  void an_empty_list_is_done_at_once_and_what_is_no_list_is_an_error() {
    given("- each: {foreach: '[]', do: [a]}").is(Status.COMPLETED);
    given("- each: {foreach: $input, do: [a]}")
        .then("started", "failed each#1 expression", "ended failed expression");
    Story.blank("steps: [{each: {foreach: $input, do: [a]}}]")
        .when(at -> new Event.Triggered(Collections.nCopies(10_001, 1L), null, at))
        .is(Status.FAILED);
  }

  @Test
  void when_the_flow_is_cancelled_all_items_at_work_are() {
    given("- each: {foreach: '[1, 2, 3]', concurrency: 3, do: [a]}")
        .when(cancelled("enough"))
        .then("ended cancelled enough; cancels each, each[0]/a, each[1]/a, each[2]/a");
  }

  @Test
  void a_return_in_an_item_ends_the_flow() {
    given("- each: {foreach: '[1, 2, 3]', do: [{r: {return: $item}}]}\n- a")
        .then(
            "started",
            "entered each#1 over [1,2,3]; begins each[0]",
            "completed each[0]/r#1 = 1",
            "ended completed = 1; cancels each");
  }

  @Test
  void a_repeat_goes_on_until_its_condition_holds_and_its_output_is_that_of_the_last_round() {
    given("- poll: {repeat: [{ask: {adapter: a}}], until: $ask.ready, every: 30s}")
        .then("started", "entered poll#1; runs poll[0]/ask; begins poll[0]")
        .when(succeeded("poll[0]/ask", 1, java.util.Map.of("ready", false)))
        .then(
            "completed poll[0]/ask#1 = {\"ready\":false}; ends poll[0] = {\"ready\":false}",
            "waiting poll[1]#1 for PT30S; begins poll[1]")
        .is(Status.WAITING)
        .due("wake PT30S")
        .passes("30S")
        .then("entered poll[1]#1; runs poll[1]/ask")
        .when(succeeded("poll[1]/ask", 1, java.util.Map.of("ready", true)))
        .then(
            "completed poll[1]/ask#1 = {\"ready\":true}; ends poll[1] = {\"ready\":true}",
            "completed poll#1 = {\"ready\":true}",
            "ended completed = {\"ready\":true}");
  }

  @Test
  void a_repeat_has_as_many_rounds_as_max_says() {
    given("- three: {repeat: [{s: {set: {n: '$index'}}}], max: 3}")
        .is(Status.COMPLETED)
        .then(
            "started",
            "entered three#1; begins three[0]",
            "completed three[0]/s#1 = {\"n\":0} sets {\"n\":0}; ends three[0] = {\"n\":0};"
                + " begins three[1]",
            "completed three[1]/s#1 = {\"n\":1} sets {\"n\":1}; ends three[1] = {\"n\":1};"
                + " begins three[2]",
            "completed three[2]/s#1 = {\"n\":2} sets {\"n\":2}; ends three[2] = {\"n\":2}",
            "completed three#1 = {\"n\":2}",
            "ended completed = {\"n\":2}");
  }

  @Test
  void a_decision_over_many_instant_items_is_taken_in_pieces() {
    Story story =
        given("- each: {foreach: 'range(0, 1200)', do: [{s: {set: {n: $item}}}], collect: $item}");
    int decisions = 1;
    while (!story.execution().status().isFinal()) {
      story.when(Story.elapsed());
      decisions++;
    }
    assertThat(decisions).isEqualTo(3);
    assertThat(story.execution().output()).isEqualTo(LongStream.range(0, 1200).boxed().toList());
    assertThat(story.execution().steps()).hasSize(1);
  }

  @Test
  void what_the_flow_sees_of_an_error_names_the_step_inside() {
    Story story =
        given(
                "on_error: {steps: [{s: {set: {e: $error}}}], then: continue}\n",
                "- each: {foreach: '[1]', do: [{x: {adapter: a}}]}")
            .when(failed("each[0]/x", 1, broken()));
    assertThat(story.execution().vars().toString()).contains("step=x", "attempt=1");
    assertThat(story.execution().status()).isEqualTo(Status.COMPLETED);
  }
}
