package io.orchestrator.execution;

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

/** Every status meets every kind of event, and the tables say what comes of it. */
class TransitionTableTest {
  private static List<String> kindsOfEvents() {
    return Arrays.stream(Event.class.getPermittedSubclasses())
        .filter(kind -> kind != Event.Word.class) // they have a table of their own
        .filter(kind -> kind != Event.Order.class) // they have tests of their own
        .map(Class::getSimpleName)
        .toList();
  }

  @Test
  void every_kind_of_event_has_a_column() {
    for (String table : List.of(Pairs.EXECUTIONS, Pairs.STEPS)) {
      Pairs.cells(table)
          .forEach(
              (row, cells) ->
                  assertThat(cells.keySet())
                      .as(row)
                      .containsExactlyInAnyOrderElementsOf(kindsOfEvents()));
    }
  }

  @Test
  void every_status_of_an_execution_has_a_row_unless_nothing_leads_to_it() {
    Set<String> rows = new TreeSet<>(Pairs.cells(Pairs.EXECUTIONS).keySet());
    rows.remove("(none)");
    Set<String> expected = new TreeSet<>();
    for (Status status : Status.values()) {
      if (!Pairs.UNREACHED.contains(status)) {
        expected.add(status.text());
      }
    }
    assertThat(rows).isEqualTo(expected);
  }

  @Test
  void every_status_of_a_step_has_a_row() {
    Set<String> rows = new TreeSet<>();
    Pairs.cells(Pairs.STEPS).keySet().forEach(row -> rows.add(row.replaceFirst(" \\(.*", "")));
    rows.remove("(not reached)");
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(StepStatus.values()).map(StepStatus::text).toList());
  }

  @TestFactory
  Stream<DynamicTest> every_event_in_every_status_of_an_execution() {
    return Pairs.cells(Pairs.EXECUTIONS).entrySet().stream().flatMap(row -> tests(row, true));
  }

  @TestFactory
  Stream<DynamicTest> every_event_in_every_status_of_a_step() {
    return Pairs.cells(Pairs.STEPS).entrySet().stream().flatMap(row -> tests(row, false));
  }

  private static Stream<DynamicTest> tests(
      Map.Entry<String, Map<String, String>> row, boolean execution) {
    return row.getValue().entrySet().stream()
        .map(
            cell ->
                DynamicTest.dynamicTest(
                    row.getKey() + " meets " + cell.getKey(),
                    () -> {
                      Story story =
                          execution ? Pairs.execution(row.getKey()) : Pairs.step(row.getKey());
                      assertThat(found(story, execution))
                          .isEqualTo(row.getKey().replaceFirst(" \\(.*", ""));
                      story.later("1H").when(Pairs.event(story, cell.getKey()));
                      assertThat(Pairs.outcome(story)).isEqualTo(cell.getValue());
                    }));
  }

  /** The row is about what it says it is about. */
  private static String found(Story story, boolean execution) {
    if (execution) {
      return story.execution().revision() == 0 ? "(none)" : story.execution().status().text();
    }
    return story.execution().steps().stream()
        .filter(step -> step.path().matches("(p/)?x"))
        .map(step -> step.status().text())
        .findFirst()
        .orElse("(not reached)");
  }

  @Test
  void no_change_leads_to_a_status_that_has_no_row() {
    Execution begun = Pairs.execution("running").execution();
    for (Change change : Samples.ofTheFlow()) {
      Execution after =
          begun.after(new Transition(change, List.of(), List.of(), List.of()), Story.NOON);
      assertThat(Pairs.UNREACHED).as("after %s", change).doesNotContain(after.status());
    }
  }

  private static Stream<Class<?>> records(Class<?> changes) {
    return changes.isSealed()
        ? Arrays.stream(changes.getPermittedSubclasses()).flatMap(TransitionTableTest::records)
        : Stream.of(changes);
  }

  @Test
  void every_change_is_written_read_and_written_alike() {
    assertThat(Samples.changes().stream().<Class<?>>map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(records(Change.class).toList());
    for (Change change : Samples.changes()) {
      Transition line = new Transition(change, List.of("s"), List.of("c", "d"), List.of("e"));
      assertThat(Notation.read(Notation.write(line))).isEqualTo(line);
      Transition bare = new Transition(change, List.of(), List.of(), List.of());
      assertThat(Notation.read(Notation.write(bare))).isEqualTo(bare);
    }
  }
}
