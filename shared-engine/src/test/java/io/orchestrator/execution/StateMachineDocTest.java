package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.Flows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/state-machine.md} is what the code does; {@code -Ddocs.write=true} writes it anew.
 */
class StateMachineDocTest {
  private static final int FLOWS = 400;

  @Test
  void the_document_shows_what_the_machine_does() throws IOException {
    Path file = root().resolve("docs/state-machine.md");
    String text = document();
    if (Boolean.getBoolean("docs.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(file).as("write it anew with -Ddocs.write=true").exists();
    assertThat(Files.readString(file)).as("write it anew with -Ddocs.write=true").isEqualTo(text);
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return here;
  }

  /** What the stories of the tables and random flows, always the same ones, were seen to do. */
  private static Edges seen() {
    Edges edges = new Edges();
    Pairs.cells(Pairs.EXECUTIONS)
        .forEach(
            (row, cells) ->
                cells.keySet().forEach(event -> edges.addAll(told(Pairs.execution(row), event))));
    Pairs.cells(Pairs.STEPS)
        .forEach(
            (row, cells) ->
                cells.keySet().forEach(event -> edges.addAll(told(Pairs.step(row), event))));
    Pairs.cells(CrossingPairs.WAITS)
        .forEach(
            (row, cells) ->
                cells
                    .keySet()
                    .forEach(
                        event ->
                            edges.addAll(
                                CrossingPairs.wait(row)
                                    .later("1H")
                                    .when(CrossingPairs.event(event))
                                    .edges())));
    for (long seed = 1; seed <= FLOWS; seed++) {
      long spread = seed * 0x9e3779b97f4a7c15L;
      var plan = Flows.plan(GeneratedFlows.text(spread));
      edges.addAll(Simulation.disturbed(plan, spread).edges());
    }
    return edges;
  }

  private static Edges told(Story story, String event) {
    return story.later("1H").when(Pairs.event(story, event)).edges();
  }

  private static String document() {
    Edges edges = seen();
    String events =
        Samples.changes().stream()
            .map(
                change -> {
                  Notation.Written line =
                      Notation.write(new Transition(change, List.of(), List.of(), List.of()));
                  return "| `"
                      + line.event()
                      + "` | "
                      + (line.step() == null ? "execution" : "step")
                      + " | "
                      + Samples.meaning(change)
                      + " |\n";
                })
            .collect(Collectors.joining());
    return """
    # The state machine

    Generated from the code by `StateMachineDocTest` (`-Ddocs.write=true` writes it anew); do not edit.

    `StateMachine.decide(plan, execution, event)` says what an event changes. Every change is one line of the history, and
    the history alone makes the state: folding it decides nothing again.

    ## Statuses of an execution

    Each arrow names the lines of the history that lead from the one to the other. No line leads to `%s` yet.

    %s
    ## Statuses of a step

    A step appears when it is reached. What has ended begins again only if what contains it, or the handler that it belongs
    to, is entered again; its attempts then go on counting. In parentheses: a line about another step took it along.

    %s
    ## What an event does to an execution

    The first line that it writes; `-` means that it changes nothing. The execution calls step `x`, an hour goes by, and its
    timeout is half an hour.

    %s
    ## What an event does to a step

    The event comes an hour after the step became what the row says; the step waits for an hour at most.

    %s
    ## What a word from outside does to a wait

    It comes an hour after the wait began; all but the reminded approval wait for an hour at most. The signal is `go`.

    %s
    ## Lines of the history

    | event | of | meaning |
    |---|---|---|
    %s\
    """
        .formatted(
            Pairs.UNREACHED.stream().map(Status::text).collect(Collectors.joining("`, `")),
            edges.executionDiagram(),
            edges.stepDiagram(),
            Pairs.EXECUTIONS,
            Pairs.STEPS,
            CrossingPairs.WAITS,
            events);
  }
}
