package io.orchestrator.execution;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One of each line about the world outside. */
final class CrossingSamples {
  private CrossingSamples() {}

  static List<Change> changes() {
    Map<String, Object> question =
        Map.of("title", "Pay?", "to", List.of("role:x"), "options", List.of("a"), "quorum", 1L);
    return List.of(
        new Change.StepListening("x", 1, "paid", "o1"),
        new Change.SignalReceived("s1", "go", Map.of("n", 1L)),
        new Change.SignalTaken("x", 1, "s1"),
        new Change.EventTaken("x", 1, "e1"),
        new Change.EventEmitted("x", 1, "paid", "o1", 3L),
        new Change.ApprovalRequested("x", 1, question, Duration.ofHours(1)),
        new Change.ApprovalReminded("x", 1, 2, Duration.ofHours(1)),
        new Change.ApprovalEscalated("x", 1, List.of("role:boss"), Duration.ofHours(1)),
        new Change.DecisionMade("x", 1, "ann", "approve", Map.of("why", "fine")));
  }

  /** What a line of the history says, for its reader. */
  static String meaning(Change.Crossing change) {
    return switch (change) {
      case Change.StepListening ignored ->
          "A step listens for events of a type and key, and looks for those that came before.";
      case Change.SignalReceived ignored -> "A signal came; it is kept until a step takes it.";
      case Change.SignalTaken ignored -> "A step took a signal that was kept.";
      case Change.EventTaken ignored -> "A step took an event.";
      case Change.EventEmitted ignored ->
          "A step published an event, which is delivered after the commit.";
      case Change.ApprovalRequested ignored ->
          "A step asks people: the question, and when it looks again.";
      case Change.ApprovalReminded ignored -> "They are reminded, for the so manieth time.";
      case Change.ApprovalEscalated ignored -> "More people are asked.";
      case Change.DecisionMade ignored -> "One of those who were asked decided.";
    };
  }
}
