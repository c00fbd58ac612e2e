package io.orchestrator.execution;

import java.util.List;

/** What the state machine says to an event. */
public sealed interface Decision {
  /**
   * It changes something.
   *
   * @param transitions one history row each, at least one
   * @param next the execution after them, with the event's time where the commit will put its own
   */
  record Taken(List<Transition> transitions, Execution next) implements Decision {}

  /** It changes nothing; {@code why} is for the log. */
  record Ignored(String why) implements Decision {}
}
