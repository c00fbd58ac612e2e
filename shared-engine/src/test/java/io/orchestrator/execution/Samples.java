package io.orchestrator.execution;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of each change, of the step {@code x} if it is of a step. */
final class Samples {
  private static final Failure FAILURE =
      new Failure(
          "rate_limited", "slow down", 429, true, "a", Map.of("n", 1L), Duration.ofSeconds(7));

  private Samples() {}

  static List<Change> changes() {
    List<Change> all = new ArrayList<>(ofTheFlow());
    all.addAll(CrossingSamples.changes());
    all.addAll(repairs());
    return all;
  }

  private static List<Change> repairs() {
    Edits edits =
        new Edits(true, Map.of("n", 1L), Map.of("x", List.of(1L)), "1.2.3", "fixed by hand");
    Tally tally =
        new Tally(
            Map.of("x", 3),
            7,
            new Usage(10, new BigDecimal("0.5")),
            Duration.ofHours(1),
            Map.of("g", Duration.ofMinutes(5)));
    Tally nothing = new Tally(Map.of(), 0, Usage.NONE, null, Map.of());
    return List.of(
        new Change.Repair.Restored(null, 3, true, edits, List.of("a"), Map.of("v", 1L), tally),
        new Change.Repair.Restored(null, 3, false, Edits.NONE, List.of(), null, nothing),
        new Change.Repair.StepKept("x", 1, List.of(1L), Map.of("v", 2L), "b"));
  }

  /** Those that concern no word from outside. */
  static List<Change> ofTheFlow() {
    return List.of(
        new Change.Started(1L, Map.of("type", "webhook"), Map.of("v", 1L), Duration.ofHours(1)),
        new Change.StepStarted("x", 2, "then", "why", List.of(1L, "two"), Duration.ofSeconds(3)),
        new Change.StepClosing("x", 1, 1L, FAILURE, true),
        new Change.CallBegun("x", 1),
        new Change.StepCompleted("x", 1, List.of(1L), Map.of("v", 2L), "b"),
        new Change.StepRetrying("x", 2, FAILURE, Duration.ofSeconds(1), true, true),
        new Change.StepFailed("x", 1, FAILURE, 0, true, true),
        new Change.StepRecovered("x", "spare"),
        new Change.StepSkipped("x", "why"),
        new Change.StepWaiting("x", 1, Duration.ofDays(7), Map.of("id", 1L), "backup"),
        new Change.HandlersStarted(FAILURE, "x", 1, true),
        new Change.Completed(Map.of("done", true)),
        new Change.Failed(FAILURE, true),
        new Change.Cancelled("enough"),
        new Change.TimedOut(),
        new Change.Course.EndStarted(
            Status.FAILED, Map.of("a", 1L), FAILURE, true, "x", "enough", true),
        new Change.Course.CancelStarted("enough", true),
        new Change.Course.CompensationStarted(FAILURE, true, "enough"),
        new Change.Course.StepCompensated("x", null),
        new Change.Course.StepCompensated("x", FAILURE),
        new Change.Course.FinallyStarted(Status.FAILED, Map.of("a", 1L), FAILURE, true, "enough"),
        new Change.Course.Compensated(),
        new Change.Course.CompensationFailed(),
        new Change.Course.Paused("look"),
        new Change.Course.Resumed(new Raise(1L, 2L, 3L, new BigDecimal("4.5"))),
        new Change.Course.Halted("x"),
        new Change.Course.Held(),
        new Change.Course.Admitted(Duration.ofHours(1)));
  }

  /** What a line of the history says, for its reader. */
  static String meaning(Change change) {
    return switch (change) {
      case Change.Started ignored ->
          "The execution began: its input, its trigger, the first values of its variables.";
      case Change.StepStarted ignored ->
          "A structure was entered: the branch that it chose, the items that it goes through, the"
              + " end of its timeout.";
      case Change.StepClosing ignored ->
          "A structure is to end with that output or failure, and what has to be done first begins:"
              + " its `finally`, and those of the groups inside.";
      case Change.CallBegun ignored -> "A call that may be made only once is about to be made.";
      case Change.StepCompleted ignored ->
          "A step is done: its output, the variables that it set, who answered instead of its"
              + " adapter.";
      case Change.StepRetrying ignored ->
          "An attempt failed and the next one, which the line names, is due after a delay.";
      case Change.StepFailed ignored ->
          "The last attempt of a step failed: the handlers that take over, if any do.";
      case Change.StepRecovered ignored ->
          "The handlers of a failed step ended with `then: continue`; it counts as done.";
      case Change.StepSkipped ignored -> "A step was passed over.";
      case Change.StepWaiting ignored ->
          "A step waits for a timer or an answer: until when, and what the call said that announced"
              + " it.";
      case Change.HandlersStarted ignored ->
          "A failure reached the flow itself and its handlers take over.";
      case Change.Completed ignored -> "The end, well: the output of the flow.";
      case Change.Failed ignored ->
          "The end, badly: the failure, and whether handlers dealt with it.";
      case Change.Cancelled ignored -> "The end, because somebody wanted it.";
      case Change.Crossing crossing -> CrossingSamples.meaning(crossing);
      case Change.TimedOut ignored -> "The end, because the flow's own timeout ran out.";
      case Change.Course course -> meaning(course);
      case Change.Repair repair -> meaning(repair);
    };
  }

  private static String meaning(Change.Repair repair) {
    return switch (repair) {
      case Change.Repair.Restored c when c.retried() ->
          "An operator lets it go on after its end: from the state at a revision, with all that had"
              + " finished since.";
      case Change.Repair.Restored ignored ->
          "An operator has restored the state at a revision, and it goes on from there.";
      case Change.Repair.StepKept ignored ->
          "A step that had finished after the restored state counts as done, and is not run again.";
    };
  }

  private static String meaning(Change.Course course) {
    return switch (course) {
      case Change.Course.EndStarted ignored ->
          "It is to end, and the `finally` of the groups that are open begin: what it will be after"
              + " them.";
      case Change.Course.CancelStarted ignored ->
          "It is to be cancelled and the steps of `on_cancel` begin.";
      case Change.Course.CompensationStarted ignored ->
          "What it did is undone, the last one first: why.";
      case Change.Course.StepCompensated c when c.failure() == null -> "A step was undone.";
      case Change.Course.StepCompensated ignored -> "A step could not be undone: why.";
      case Change.Course.FinallyStarted ignored ->
          "The steps of `finally` begin: what the execution will be after them.";
      case Change.Course.Compensated ignored -> "The end: everything was undone.";
      case Change.Course.CompensationFailed ignored -> "The end: something could not be undone.";
      case Change.Course.Paused ignored -> "No call begins until it is resumed.";
      case Change.Course.Resumed ignored -> "It goes on, or may use up more.";
      case Change.Course.Halted ignored ->
          "A step has ended during a pause: what follows it waits until the execution is resumed.";
      case Change.Course.Held ignored -> "It waits for its turn before its first step.";
      case Change.Course.Admitted ignored -> "It is its turn: its timeout counts from now.";
    };
  }
}
