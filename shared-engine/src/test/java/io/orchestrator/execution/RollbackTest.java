package io.orchestrator.execution;

import static io.orchestrator.execution.Story.answered;
import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static io.orchestrator.execution.Story.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An earlier state is restored by a new line; and waits that an operator ends. */
class RollbackTest {
  private static Story then(Story story, Story.Happening... events) {
    for (Story.Happening event : events) {
      story.later("1S").and(event);
    }
    return story;
  }

  private static Story.Happening settled(String path, Settlement settlement) {
    return at -> new Event.Ordered("ann", new Event.StepSettled(path, settlement, at));
  }

  @Nested
  class ToAState {
    @Test
    void a_step_is_entered_again_as_if_nothing_had_come_after() {
      Story story = given("- a\n- s: {set: {v: $a}}\n- b\n- c");
      then(story, succeeded("a", 1, 1L), succeeded("b", 1, 2L));
      story.rolledBackTo("b").due("run b#2");
      assertThat(story.execution().vars()).containsEntry("v", 1L);
      story.rolledBackTo("a").then("rolled back from 1 again a; runs a").due("run a#2");
      assertThat(story.execution().vars()).isEmpty();
      assertThat(story.execution().step("b")).isNull();
    }

    @Test
    void attempts_of_the_time_that_is_left_are_never_used_again() {
      Story story = given("- a\n- b: {adapter: b, retry: {attempts: 3, delay: 1s, jitter: none}}\n- c");
      then(story, succeeded("a", 1, 1L), failed("b", 1, down()), failed("b", 2, down()));
      then(story, succeeded("b", 3, 1L));
      story.rolledBackTo("a").due("run a#2");
      then(story, succeeded("a", 2, 1L)).due("run b#4");
    }

    @Test
    void a_revision_is_restored_with_what_was_active_beginning_anew() {
      Story story = given("- x: {adapter: ask, await: {callback: true, timeout: 1h}}\n- b");
      then(story, deferred("x", 1, 1L), answered("x", 5L)).is(Status.RUNNING);
      story.rolledBackTo(2).due("run x#2").later("1S").when(answered("x", 7L));
      assertThat(story.execution().step("x").output()).isEqualTo(7L);
    }

    @Test
    void a_state_that_never_was_or_had_ended_cannot_be_restored() {
      Story story = then(given("- a\n- b"), succeeded("a", 1, 1L), failed("b", 1, broken()));
      story.rolledBackTo(9).nothing("no revision 9");
      story.rolledBackTo(4).nothing("failed");
      story.rolledBackTo("c").nothing("has not been reached");
    }

    @Test
    void a_signal_that_had_come_since_is_there_again() {
      Story story = given("- a\n- x: {await: {signal: go}}\n- b");
      then(story, succeeded("a", 1, 1L), at -> new Event.SignalReceived("s", "go", 5L, at));
      story.due("run b#1").rolledBackTo("a");
      then(story, succeeded("a", 2, 1L)).due("run b#2");
      assertThat(story.execution().step("x").output()).isEqualTo(5L);
    }

    @Test
    void what_the_calls_have_cost_stays_counted() {
      Story story = given("- a\n- b");
      then(story, succeeded("a", 1, Map.of("usage", Map.of("tokens", 7L))));
      story.rolledBackTo("a");
      assertThat(story.execution().used().tokens()).isEqualTo(7L);
      assertThat(story.execution().calls()).isEqualTo(3);
    }
  }

  @Nested
  class OverBrokenLines {
    @Test
    void what_lies_between_the_state_and_the_line_that_restores_it_need_not_be_readable() {
      Story story = then(given("- a\n- b"), succeeded("a", 1, 1L), succeeded("b", 1, 1L));
      Execution blank = Execution.blank(Story.ID, "acme");
      var at = Story.NOON;
      Notation.Written started = new Notation.Written("execution_started", null, 0, "{\"input\":null,\"started\":[\"a\"]}", null);
      Notation.Written restored =
          new Notation.Written(
              "execution_rolled_back",
              null,
              0,
              "{\"revision\":1,\"again\":[\"a\"],\"spent\":{\"a\":4},\"calls\":1,\"tokens\":0,\"cost\":0,\"started\":[\"a\"]}",
              null);
      Folding folding =
          Folding.of(
              blank.id(),
              "acme",
              List.of(
                  new Folding.Line(1, at, started),
                  new Folding.Line(2, at, new Notation.Written("nonsense", null, 0, "{}", null)),
                  new Folding.Line(5, at, restored)),
              Set.of());
      assertThat(folding.broken()).isNull();
      assertThat(folding.execution().revision()).isEqualTo(5);
      assertThat(folding.execution().step("a").attempt()).isEqualTo(5);
      assertThat(story.execution().status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Nested
  class WaitsEndedByHand {
    private static final String ASK =
        "- x: {adapter: ask, await: {callback: true, timeout: 1h}, on_error: [h]}\n- b";

    @Test
    void a_waiting_step_is_done_with_that_output() {
      then(given(ASK), deferred("x", 1, 1L))
          .when(settled("x", new Settlement.Completed(5L)))
          .then("completed x#1 = 5; runs b; by ann");
    }

    @Test
    void a_waiting_step_fails_and_its_handlers_take_over() {
      Failure failure = Failure.fatal("operator", "nobody will answer");
      then(given(ASK), deferred("x", 1, 1L))
          .when(settled("x", new Settlement.Failed(failure)))
          .then("failed x#1 operator caught by 0; runs x/h; by ann");
    }

    @Test
    void a_waiting_step_is_passed_over() {
      Story story = then(given("- w: {wait: 1h}\n- b"));
      story
          .when(settled("w", new Settlement.Skipped()))
          .then("skipped w; runs b; by ann");
    }

    @Test
    void while_it_is_paused_nothing_follows_until_it_is_resumed() {
      Story story = given("- w: {wait: 1h}\n- b").and(Story.paused("look"));
      story.when(settled("w", new Settlement.Skipped())).is(Status.PAUSED).due();
      story.when(Story.resumed(Raise.NONE)).due("run b#1");
    }

    @Test
    void a_step_between_two_attempts_counts_as_waiting() {
      then(
              given("- a: {adapter: a, retry: {attempts: 2, delay: 1h, jitter: none}}\n- b"),
              failed("a", 1, down()))
          .when(settled("a", new Settlement.Completed(1L)))
          .then("completed a#2 = 1; runs b; by ann");
    }

    @Test
    void a_running_or_finished_step_is_not_touched() {
      Story story = given("- a\n- b");
      story.when(settled("a", new Settlement.Skipped())).nothing("running, not waiting");
      then(story, succeeded("a", 1, 1L));
      story.when(settled("a", new Settlement.Skipped())).nothing("completed, not waiting");
      story.when(settled("zz", new Settlement.Skipped())).nothing("has not been reached");
      then(story, succeeded("b", 1, 1L));
      story.when(settled("b", new Settlement.Skipped())).nothing("the execution is completed");
    }
  }
}
