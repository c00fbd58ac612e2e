package io.orchestrator.execution;

import java.util.List;

/**
 * One line of the history: a change and the steps that it took along.
 *
 * @param started calls that became ready to run
 * @param cancelled steps that were active and are no longer wanted
 * @param skipped steps of a branch that was not taken
 * @param iterations what became of iterations of loops, those that ended before those that begin
 */
public record Transition(
    Change change,
    List<String> started,
    List<String> cancelled,
    List<String> skipped,
    List<Iteration> iterations) {

  public Transition(
      Change change, List<String> started, List<String> cancelled, List<String> skipped) {
    this(change, started, cancelled, skipped, List.of());
  }
}
