package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.Flows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An execution that has ended goes on: what had finished is not run again. */
class RetryTest {
  private static Edits outputs(String step, Object output) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    outputs.put(step, output);
    return new Edits(false, null, outputs, null, "");
  }

  /** Events that are committed one after the other, a second apart. */
  private static Story then(Story story, Story.Happening... events) {
    for (Story.Happening event : events) {
      story.later("1S").and(event);
    }
    return story;
  }

  @Nested
  class AfterAFailure {
    @Test
    void the_failed_step_runs_again_and_the_finished_one_does_not() {
      Story story = then(given("- a\n- b\n- c"), succeeded("a", 1, 1L), failed("b", 1, broken()));
      story
          .retried(Edits.NONE)
          .then("retried from 2 again b; runs b")
          .is(Status.RUNNING)
          .due("run b#2")
          .when(succeeded("b", 1, 5L))
          .nothing("attempt 1 of step b is not the current one");
      assertThat(story.execution().endedAt()).isNull();
      assertThat(story.execution().failure()).isNull();
      story.when(succeeded("b", 2, 2L)).then("completed b#2 = 2; runs c");
    }

    @Test
    void all_its_automatic_attempts_begin_anew() {
      Story story = given("- a: {adapter: a, retry: {attempts: 2, delay: 1s, jitter: none}}");
      then(story, failed("a", 1, down()), failed("a", 2, down()));
      story.is(Status.FAILED).retried(Edits.NONE).due("run a#3").later("1S");
      story.when(failed("a", 3, down())).is(Status.RUNNING);
      then(story, failed("a", 4, down())).is(Status.FAILED);
    }

    @Test
    void it_can_be_retried_again_and_again() {
      Story story = then(given("- a\n- b"), succeeded("a", 1, 1L), failed("b", 1, broken()));
      for (int attempt = 2; attempt < 30; attempt++) {
        story.retried(Edits.NONE).due("run b#" + attempt);
        then(story, failed("b", attempt, broken())).is(Status.FAILED);
      }
      story.retried(Edits.NONE);
      then(story, succeeded("b", 30, 2L)).is(Status.COMPLETED);
    }

    @Test
    void handlers_that_ran_run_again_if_it_fails_again() {
      Story story =
          given("- x: {adapter: a, on_error: [tell]}\n- b");
      then(story, failed("x", 1, broken()), succeeded("x/tell", 1, 1L)).is(Status.FAILED);
      story.retried(Edits.NONE).due("run x#2").later("1S");
      story
          .when(failed("x", 2, broken()))
          .then("failed x#2 adapter_error caught by 0; runs x/tell")
          .due("run x/tell#2");
    }

    @Test
    void what_ended_in_the_commit_of_the_failure_is_kept() {
      Story story = given("- a\n- check: {assert: $a == 2}\n- b");
      then(story, succeeded("a", 1, 1L)).is(Status.FAILED);
      story
          .retried(outputs("a", 2L))
          .then("retried from 1", "kept a#1 = 2", "completed check#2 = true; runs b");
      assertThat(story.execution().step("a").attempt()).isEqualTo(1);
    }

    @Test
    void the_output_of_a_finished_step_can_be_edited() {
      Story story = then(given("- a\n- s: {set: {v: $a}}\n- b\n- c: {set: {w: $a}}"), succeeded("a", 1, 1L));
      then(story, failed("b", 1, broken()));
      story.retried(outputs("a", 7L)).then("retried from 3 again b with outputs {\"a\":7}; runs b");
      then(story, succeeded("b", 2, 1L));
      assertThat(story.execution().vars()).containsEntry("w", 7L).containsEntry("v", 1L);
    }

    @Test
    void a_failed_step_that_is_given_an_output_counts_as_done() {
      Story story = then(given("- a\n- b\n- c"), succeeded("a", 1, 1L), failed("b", 1, broken()));
      story
          .retried(outputs("b", 9L))
          .then("retried from 2", "kept b#2 = 9; runs c")
          .due("run c#1");
    }

    @Test
    void the_input_can_be_edited() {
      Story story = given("vars: {double: $input * 2}\n", "- a\n- s: {set: {seen: $input}}");
      assertThat(story.decision()).isInstanceOf(Decision.Taken.class);
      story.is(Status.FAILED);
      story.retried(new Edits(true, 21L, Map.of(), null, ""));
      assertThat(story.execution().vars()).containsEntry("double", 42L);
      then(story, succeeded("a", 1, 1L)).is(Status.COMPLETED);
      assertThat(story.execution().vars()).containsEntry("seen", 21L);
    }

    @Test
    void edits_of_an_earlier_retry_still_count() {
      Story story = given("- a\n- check: {assert: $input == 3}\n- b");
      then(story, succeeded("a", 1, 1L)).is(Status.FAILED);
      story.retried(new Edits(true, 2L, Map.of(), null, "")).is(Status.FAILED);
      story.retried(outputs("check", true)).is(Status.RUNNING);
      assertThat(story.execution().input()).isEqualTo(2L);
    }
  }

  @Nested
  class InStructures {
    @Test
    void a_branch_that_was_stopped_runs_again_and_a_finished_one_does_not() {
      Story story = given("- p: {parallel: [a, b, c]}\n- d");
      then(story, succeeded("p/a", 1, 1L), failed("p/b", 1, broken())).is(Status.FAILED);
      story
          .retried(Edits.NONE)
          .then("retried from 3 again p/b, p/c; runs p/b, p/c")
          .due("run p/b#2", "run p/c#2");
      then(story, succeeded("p/b", 2, 2L), succeeded("p/c", 2, 3L)).due("run d#1");
      assertThat(story.execution().step("p").output())
          .isEqualTo(Map.of("a", 1L, "b", 2L, "c", 3L));
    }

    @Test
    void a_branch_that_finished_after_the_failure_of_another_is_kept() {
      Story story =
          given("- p: {parallel: [a, b, c], complete: {tolerate: 1}}\n- d");
      then(story, failed("p/a", 1, broken()), succeeded("p/b", 1, 2L));
      then(story, failed("p/c", 1, broken())).is(Status.FAILED);
      story
          .retried(Edits.NONE)
          .then("retried from 2 again p/a, p/c; runs p/a, p/c", "kept p/b#1 = 2")
          .due("run p/a#2", "run p/c#2");
    }

    @Test
    void only_the_failed_item_of_a_loop_runs_again() {
      Story story = given("- e: {foreach: \"[1, 2, 3]\", do: [a, b]}\n- c");
      then(
          story,
          succeeded("e[0]/a", 1, 1L),
          succeeded("e[0]/b", 1, 1L),
          succeeded("e[1]/a", 1, 1L),
          failed("e[1]/b", 1, broken()));
      story.is(Status.FAILED).retried(Edits.NONE).due("run e[1]/b#2");
      then(story, succeeded("e[1]/b", 2, 5L)).due("run e[2]/a#1");
      then(story, succeeded("e[2]/a", 1, 1L), succeeded("e[2]/b", 1, 1L)).due("run c#1");
      assertThat(story.execution().step("e").output()).isEqualTo(List.of(1L, 5L, 1L));
    }

    @Test
    void a_timeout_of_a_structure_begins_anew() {
      Story story = given("- g: {do: [a, b], timeout: 1m}\n- c");
      then(story, succeeded("g/a", 1, 1L)).later("2M").and(elapsed()).is(Status.FAILED);
      story.later("1H").retried(Edits.NONE).due("wake PT1M", "run g/b#2");
    }
  }

  @Nested
  class AfterOtherEnds {
    @Test
    void one_that_took_too_long_has_all_its_time_again() {
      Story story = given("timeout: 1h\n", "- a\n- b");
      then(story, succeeded("a", 1, 1L)).later("2H").and(elapsed()).is(Status.TIMED_OUT);
      story.later("5H").retried(Edits.NONE).due("run b#2", "wake PT1H").is(Status.RUNNING);
    }

    @Test
    void one_that_was_cancelled_goes_on_where_it_stood() {
      Story story = then(given("- a\n- w: {wait: 1h}\n- b"), succeeded("a", 1, 1L), cancelled("no"));
      story.is(Status.CANCELLED).retried(Edits.NONE).is(Status.WAITING).due("wake PT1H");
    }

    @Test
    void what_has_been_undone_does_not_count_as_finished() {
      Story story = given("- a: {adapter: a, compensate: refund}\n- b");
      then(story, succeeded("a", 1, 1L), failed("b", 1, broken()), succeeded("a/refund", 1, 1L));
      story.is(Status.COMPENSATED).retried(Edits.NONE).nothing("step a has been undone");
      story.retriedFrom("a", Edits.NONE).due("run a#2");
    }

    @Test
    void a_completed_one_can_go_on_from_a_step() {
      Story story = then(given("- a\n- b"), succeeded("a", 1, 1L), succeeded("b", 1, 2L));
      story.is(Status.COMPLETED).retriedFrom("b", Edits.NONE).due("run b#2").is(Status.RUNNING);
      assertThat(story.execution().output()).isNull();
      then(story, succeeded("b", 2, 3L)).is(Status.COMPLETED);
      assertThat(story.execution().output()).isEqualTo(3L);
    }

    @Test
    void from_a_step_everything_after_it_runs_again_and_what_is_beside_it_does_not() {
      Story story = given("- p: {parallel: [{g: {do: [a, b]}}, c]}\n- d\n- e");
      then(story, succeeded("p/g/a", 1, 1L), succeeded("p/c", 1, 1L), succeeded("p/g/b", 1, 1L));
      then(story, succeeded("d", 1, 1L), failed("e", 1, broken())).is(Status.FAILED);
      story.retriedFrom("p/g/b", Edits.NONE).due("run p/g/b#2");
      then(story, succeeded("p/g/b", 2, 1L)).due("run d#2");
    }
  }

  @Nested
  class OnAnotherVersion {
    private static final String OLD = "flow: f\nsteps: [a, b, {g: {do: [c, d]}}]\n";

    private Execution at(String... done) {
      Story story = given("- a\n- b\n- g: {do: [c, d]}");
      for (String path : done) {
        then(story, succeeded(path, 1, 1L));
      }
      return story.execution();
    }

    private static String why(String next, Execution past) {
      return Compatibility.why(Flows.plan(OLD), Flows.plan(next), past);
    }

    @Test
    void it_goes_on_if_all_before_is_as_it_was() {
      assertThat(why("flow: f\nsteps: [a, b, {g: {do: [c, d]}}, e]\n", at("a"))).isEmpty();
      assertThat(why("flow: f\nsteps: [b, {g: {do: [c, d, e]}}]\n", at("a", "b"))).isEmpty();
    }

    @Test
    void it_does_not_if_the_step_is_gone_or_is_another_one() {
      assertThat(why("flow: f\nsteps: [a, c]\n", at("a"))).contains("step b", "does not have");
      assertThat(why("flow: f\nsteps: [a, {b: {wait: 1h}}]\n", at("a"))).contains("another one");
    }

    @Test
    void it_does_not_if_a_new_step_before_has_not_run() {
      assertThat(why("flow: f\nsteps: [a, e, b]\n", at("a"))).contains("step e", "has not run");
      assertThat(why("flow: f\nsteps: [a, b, {g: {do: [e, c, d]}}]\n", at("a", "b")))
          .contains("step g/e");
    }
  }
}
