package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code $error.step} is the innermost step that failed, wherever it is asked for. */
class ErrorStepTest {
  private static final String FORK = "- p: {parallel: [a, {g: {do: [b]}}]}\n";
  private static final String NOTES = "[{note: {set: {step: $error.step}}}]";

  private static void names(Story story, String step) {
    assertThat(story.execution().vars()).containsEntry("step", step);
  }

  @Test
  void in_the_handlers_of_the_flow() {
    names(given("on_error: " + NOTES + "\n", FORK).when(failed("p/g/b", 1, broken())), "b");
  }

  @Test
  void in_the_handlers_of_the_parallel() {
    names(
        given("- p: {parallel: [a, {g: {do: [b]}}], on_error: " + NOTES + "}")
            .when(failed("p/g/b", 1, broken())),
        "b");
  }

  @Test
  void in_the_finally_of_the_flow_without_any_handler() {
    names(given("finally: " + NOTES + "\n", FORK).when(failed("p/g/b", 1, broken())), "b");
  }

  @Test
  void in_what_undoes_other_steps() {
    names(
        given("- x: {adapter: a, compensate: {set: {step: $error.step}}}\n" + FORK)
            .and(succeeded("x", 1, 1L))
            .when(failed("p/g/b", 1, broken())),
        "b");
  }

  @Test
  void in_the_condition_on_which_the_parallel_is_repeated() {
    given(
            "- p: {parallel: [a, {g: {do: [b]}}], retry: {attempts: 2, when: $error.step == 'b',"
                + " delay: 1s, jitter: none}}")
        .when(failed("p/g/b", 1, broken()))
        .then(
            "failed p/g/b#1 adapter_error",
            "failed p/g#1 adapter_error",
            "retrying p#2 in PT1S after adapter_error; cancels p/a");
  }

  @Test
  void when_the_execution_is_shown() {
    Story story = given(FORK).when(failed("p/g/b", 1, broken()));
    assertThat(Culprit.of(story.execution().steps(), "", story.execution().failure()).path())
        .isEqualTo("p/g/b");
  }
}
