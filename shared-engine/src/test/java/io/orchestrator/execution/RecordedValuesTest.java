package io.orchestrator.execution;

import static io.orchestrator.execution.Story.broken;
import static io.orchestrator.execution.Story.down;
import static io.orchestrator.execution.Story.failed;
import static io.orchestrator.execution.Story.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code now()} and {@code uuid()} are those of the attempt, however often they are asked for. */
class RecordedValuesTest {
  private static final String CALL =
      "- x: {adapter: a, params: {id: \"${ uuid() }\", at: \"${ now() }\"}, retry: {attempts: 2,"
          + " backoff: [1m], jitter: none}}";

  private static Map<?, ?> params(Story story, Duration later) {
    CallPlan plan =
        CallPlan.of(story.plan(), story.execution(), "x", null, null, story.now().plus(later));
    return (Map<?, ?>) ((CallPlan.Ready) plan).params();
  }

  @Test
  void a_call_that_is_made_later_or_again_has_the_same() {
    Story story = given(CALL);
    Map<?, ?> first = params(story, Duration.ZERO);
    assertThat(first.get("at")).isEqualTo("2026-03-01T12:00:00Z");
    assertThat(params(story, Duration.ofHours(1))).isEqualTo(first);
  }

  @Test
  void the_next_attempt_has_its_own() {
    Story story = given(CALL);
    Map<?, ?> first = params(story, Duration.ZERO);
    story.when(failed("x", 1, down())).later("1M");
    Map<?, ?> second = params(story, Duration.ZERO);
    assertThat(second.get("at")).isEqualTo("2026-03-01T12:01:00Z");
    assertThat(second.get("id")).isNotEqualTo(first.get("id"));
    assertThat(params(story, Duration.ofHours(1))).isEqualTo(second);
  }

  @Test
  void what_is_set_again_in_the_next_attempt_of_a_group_is_new() {
    Story story =
        given(
            "- g: {do: [{s: {set: {id: \"${ uuid() }\"}}}, a], retry: {attempts: 2, when: true,"
                + " backoff: [1m], jitter: none}}");
    Object first = story.execution().vars().get("id");
    story.when(failed("g/a", 1, broken())).passes("1M");
    assertThat(story.execution().vars().get("id")).isNotEqualTo(first);
  }

  @Test
  void a_decision_that_is_lost_before_its_commit_makes_the_same_ids_again() {
    // Story decides every event twice and compares, and folds what was written
    Story story =
        given("- s: {set: {id: \"${ uuid() }\", other: \"${ uuid() }\", at: \"${ now() }\"}}\n- a");
    assertThat(story.execution().vars().get("id"))
        .isNotEqualTo(story.execution().vars().get("other"));
    assertThat(story.execution().vars()).containsEntry("at", "2026-03-01T12:00:00Z");
  }
}
