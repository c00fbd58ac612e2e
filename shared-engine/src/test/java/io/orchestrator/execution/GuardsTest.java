package io.orchestrator.execution;

import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.resumed;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A {@code when} that cannot be judged is judged again before anything else is done. */
class GuardsTest {
  private static final String RETRY =
      "retry: {attempts: 3, only: [expression], backoff: [1s], jitter: none}";

  /** A guard that fails until the variable {@code n} is a number. */
  private static String guarded(String kind) {
    return """
    - s: {set: {n: nothing}}
    - p:
        parallel:
          - b: {do: [a, {later: {set: {n: "$a.n"}}}]}
          - x: {%s, when: $vars.n > 5, %s}
    """
        .formatted(kind, RETRY);
  }

  @Test
  void an_error_in_it_is_not_repeated_unless_somebody_asks_for_it() {
    given("- x: {adapter: x1, when: $input.n > 'a', retry: {attempts: 3}}".replace("x1", "a"))
        .then("started", "failed x#1 expression unjudged", "ended failed expression");
  }

  @Test
  void a_repeated_call_asks_it_again_and_is_not_made_before() {
    Story story = given(guarded("adapter: b")).due("run p/b/a#1", "wake PT1S").passes("1S");
    story
        .then("retrying p/x#3 in PT1S after expression unjudged")
        .due("run p/b/a#1", "wake PT1S")
        .and(succeeded("p/b/a", 1, Map.of("n", 6L)))
        .passes("1S")
        .then("retrying p/x#3 in PT0S after expression; runs p/x")
        .due("run p/x#3")
        .when(succeeded("p/x", 3, 7L))
        .is(Status.COMPLETED);
    assertThat(story.execution().calls()).isEqualTo(2);
  }

  @Test
  void it_may_say_no_then() {
    given(guarded("adapter: b"))
        .and(succeeded("p/b/a", 1, Map.of("n", 1L)))
        .passes("1S")
        .then(
            "skipped p/x",
            "completed p#1 = {\"b\":{\"n\":1},\"x\":null}",
            "ended completed = {\"b\":{\"n\":1},\"x\":null}");
  }

  @Test
  void it_fails_for_good_after_the_last_attempt() {
    given(guarded("adapter: b"))
        .and(succeeded("p/b/a", 1, Map.of("n", "none")))
        .passes("1S")
        .passes("1S")
        .then(
            "failed p/x#3 expression unjudged", "failed p#1 expression", "ended failed expression");
  }

  @Test
  void structures_and_steps_that_call_nobody_ask_it_again_too() {
    given(guarded("do: [c]"))
        .and(succeeded("p/b/a", 1, Map.of("n", 1L)))
        .passes("1S")
        .is(Status.COMPLETED);
    given(guarded("do: [c]"))
        .and(succeeded("p/b/a", 1, Map.of("n", 6L)))
        .passes("1S")
        .then("entered p/x#2; runs p/x/c");
  }

  @Test
  void a_handler_that_repeats_the_step_does_not_get_around_it() {
    given(
            """
            - x:
                adapter: b
                when: $vars.n > 5
                on_error: {steps: [{mend: {set: {n: 1}}}], then: retry}
            - c
            """
                .replace("$vars.n > 5", "\"($vars.n ?? 'a') > 5\""))
        .then(
            "started",
            "failed x#1 expression caught by 0 unjudged",
            "completed x/mend#1 = {\"n\":1} sets {\"n\":1}",
            "retrying x#2 in PT0S after expression as handled unjudged",
            "skipped x; runs c");
    given(
            """
            - x:
                adapter: b
                when: "($vars.n ?? 'a') > 5"
                on_error: {steps: [{mend: {set: {n: 9}}}], then: retry}
            """)
        .then(
            "started",
            "failed x#1 expression caught by 0 unjudged",
            "completed x/mend#1 = {\"n\":9} sets {\"n\":9}",
            "retrying x#2 in PT0S after expression as handled unjudged",
            "retrying x#2 in PT0S after expression; runs x")
        .due("run x#2");
  }

  @Test
  void what_was_never_begun_is_not_undone() {
    given(guarded("adapter: b, compensate: refund"))
        .and(succeeded("p/b/a", 1, Map.of("n", "none")))
        .passes("1S")
        .passes("1S")
        .then(
            "failed p/x#3 expression unjudged", "failed p#1 expression", "ended failed expression");
  }

  @Test
  void a_budget_counts_the_call_when_it_is_made() {
    given("budget: {steps: 1, on_exceed: pause}\n", guarded("adapter: b"))
        .and(succeeded("p/b/a", 1, Map.of("n", 6L)))
        .passes("1S")
        .is(Status.PAUSED)
        .due()
        .when(resumed(new Raise(2L, null, null, null)))
        .due("run p/x#2");
  }
}
