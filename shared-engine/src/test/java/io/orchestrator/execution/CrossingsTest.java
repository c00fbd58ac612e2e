package io.orchestrator.execution;

import static io.orchestrator.execution.CrossingPairs.received;
import static io.orchestrator.execution.Story.cancelled;
import static io.orchestrator.execution.Story.deferred;
import static io.orchestrator.execution.Story.elapsed;
import static io.orchestrator.execution.Story.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the world outside says to an execution, and what that changes. */
class CrossingsTest {
  private static Story.Happening signal(String id, String name, Object data) {
    return at -> new Event.SignalReceived(id, name, data, at);
  }

  private static Story.Happening decides(String by, String decision) {
    return at -> new Event.DecisionMade("x", by, decision, null, at);
  }

  private static Map<String, Object> outcome(Story story) {
    return View.map(story.execution().output());
  }

  @Test
  void every_word_from_outside_has_a_column() {
    Set<String> columns =
        new TreeSet<>(Pairs.cells(CrossingPairs.WAITS).values().iterator().next().keySet());
    assertThat(columns)
        .containsAll(
            Arrays.stream(Event.Word.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @TestFactory
  Stream<DynamicTest> every_word_in_every_wait() {
    return Pairs.cells(CrossingPairs.WAITS).entrySet().stream()
        .flatMap(
            row ->
                row.getValue().entrySet().stream()
                    .map(
                        cell ->
                            DynamicTest.dynamicTest(
                                row.getKey() + " meets " + cell.getKey(),
                                () -> meets(row.getKey(), cell.getKey(), cell.getValue()))));
  }

  private static void meets(String row, String event, String outcome) {
    Story story = CrossingPairs.wait(row).later("1H");
    story.when(CrossingPairs.event(event));
    assertThat(Pairs.outcome(story)).isEqualTo(outcome);
  }

  // -- signals

  @Test
  void an_early_signal_is_kept_and_taken_when_its_wait_begins() {
    Story story = given("- gate: {await: {signal: b}}\n- x: {await: {signal: a}}");
    story.when(signal("1", "a", 1L)).when(signal("2", "a", 2L)).is(Status.WAITING);
    story.when(signal("3", "b", null)).is(Status.COMPLETED);
    assertThat(story.execution().output()).isEqualTo(1L);
  }

  @Test
  void the_same_signal_twice_is_one() {
    Story story = given("- one: {await: {signal: a}}\n- x: {await: {signal: a}}");
    story.when(signal("1", "a", 1L)).when(signal("1", "a", 1L)).nothing("already");
    story.is(Status.WAITING);
  }

  @Test
  void one_signal_wakes_one_of_two_waits() {
    Story story = given("- parallel: [{x: {await: {signal: a}}}, {y: {await: {signal: a}}}]");
    story.when(signal("1", "a", 1L)).is(Status.WAITING);
    story.when(signal("2", "a", 2L)).is(Status.COMPLETED);
    assertThat(story.execution().output()).isEqualTo(Map.of("x", 1L, "y", 2L));
  }

  // -- events

  @Test
  void a_step_listens_before_it_looks() {
    given("- x: {await: {event: paid, key: \"'k'\"}}").due("run x#1").is(Status.RUNNING);
  }

  @Test
  void an_event_from_before_the_buffer_is_not_taken() {
    Story story = given("- w: {wait: 2h}\n- x: {await: {event: paid, key: \"'k'\", buffer: 1h}}");
    story.passes("2H");
    story.when(received("e1", Story.NOON.plusSeconds(3_000))).nothing("does not wait");
    story.when(received("e2", Story.NOON.plusSeconds(3_700))).is(Status.COMPLETED);
  }

  @Test
  void an_event_is_taken_by_one_of_two_waits_that_follow_each_other() {
    Story story =
        given(
            "- y: {await: {event: paid, key: \"'k'\"}}\n- x: {await: {event: paid, key: \"'k'\"}}");
    story.later("1M");
    story.when(
        at ->
            new Event.EventReceived(
                "y", new Occurrence("e1", "paid", "k", 1L, Story.NOON.plusSeconds(1)), at));
    story.when(received("e1", Story.NOON.plusSeconds(1))).nothing("does not wait");
  }

  @Test
  void a_wait_that_begins_in_the_moment_of_an_event_does_not_take_it_again() {
    Story story =
        given(
            "- y: {await: {event: paid, key: \"'k'\"}}\n- x: {await: {event: paid, key: \"'k'\"}}");
    Occurrence event = new Occurrence("e1", "paid", "k", 1L, Story.NOON.plusSeconds(60));
    story.later("1M");
    story.when(at -> new Event.EventReceived("y", event, at));
    story.when(at -> new Event.EventReceived("x", event, at)).nothing("does not wait");
  }

  @Test
  void an_event_that_does_not_match_is_left_alone() {
    Story story =
        given("- x: {await: {event: paid, key: \"'k'\", match: $event.data > 10}}").later("1H");
    story.when(received("e1", Story.NOON.plusSeconds(60))).nothing("does not wait");
  }

  // -- approvals

  @Test
  void a_quorum_counts_persons_and_nobody_twice() {
    Story story = given("- x: {approve: {title: Pay, quorum: 2}}");
    story.when(decides("ann", "approve")).is(Status.WAITING);
    story.when(decides("ann", "approve")).nothing("already");
    story.when(decides("bob", "maybe")).nothing("no option");
    story.when(decides("bob", "approve")).is(Status.COMPLETED);
    assertThat(outcome(story)).containsEntry("decision", "approve").containsEntry("by", "bob");
  }

  @Test
  void one_rejection_ends_it() {
    Story story = given("- x: {approve: {title: Pay, quorum: 3}}");
    story.when(decides("ann", "approve")).when(decides("bob", "reject")).is(Status.COMPLETED);
    assertThat(outcome(story)).containsEntry("decision", "reject");
    assertThat((List<?>) outcome(story).get("decisions")).hasSize(2);
  }

  @Test
  void people_are_reminded_then_others_are_asked_and_then_it_is_a_timeout() {
    Story story =
        given(
            "- x: {approve: {title: Pay, to: user:ann, remind: 1h, timeout: 4h,"
                + " escalate: {after: 90m, to: [role:boss]}}}");
    story.due("wake PT1H").passes("1H").due("wake PT30M");
    story.passes("30M").due("wake PT30M");
    Pause.Asked asked = (Pause.Asked) story.execution().step("x").pause();
    assertThat(asked.question()).containsEntry("to", List.of("user:ann", "role:boss"));
    assertThat(asked.reminders()).isEqualTo(1);
    story.passes("30M").passes("1H").passes("1H").is(Status.FAILED);
    assertThat(story.execution().failure().type()).isEqualTo("timeout");
    story.when(decides("ann", "approve")).nothing("failed already");
  }

  // -- children

  @Test
  void the_end_of_an_attempt_that_is_over_changes_nothing() {
    Story story =
        given("- x: {flow: child, timeout: 1h, retry: {attempts: 2, only: [timeout], delay: 1s}}");
    story.and(deferred("x", 1, Map.of("execution", "c"))).passes("1H");
    story.later("1S").when(at -> new Event.ChildEnded("x", 1, 1L, null, at));
    story.nothing("attempt 1").due("run x#2");
    story.when(at -> new Event.ChildEnded("x", 2, 2L, null, at));
  }

  @Test
  void a_failing_child_fails_its_step_with_its_type() {
    Failure failure = Failure.fatal("out_of_stock", "none left");
    Story story = given("- x: {flow: child}").and(deferred("x", 1, Map.of("execution", "c")));
    story.when(at -> new Event.ChildEnded("x", 1, null, failure, at)).is(Status.FAILED);
    assertThat(story.execution().failure()).isEqualTo(failure);
  }

  @Test
  void what_was_emitted_stands_in_the_history() {
    Story story = given("- x: {emit: {type: paid, key: 5, data: {a: 1}}}");
    story.is(Status.COMPLETED);
    assertThat(story.execution().output())
        .isEqualTo(Map.of("type", "paid", "key", "5", "data", Map.of("a", 1L)));
  }

  @Test
  void a_wait_for_a_signal_ends_with_a_timeout() {
    Story story = given("- x: {await: {signal: go}, timeout: 10m}").later("10M");
    story.when(elapsed()).is(Status.FAILED);
    given("- x: {await: {signal: go}}").and(cancelled("enough")).is(Status.CANCELLED);
  }
}
