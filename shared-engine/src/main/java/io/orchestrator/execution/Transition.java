package io.orchestrator.execution;

import java.util.List;

/**
 * One line of the history: a change and the steps that it took along.
 *
 * @param started calls that became ready to run
 * @param cancelled steps that were active and are no longer wanted
 * @param skipped steps of a branch that was not taken
 * @param iterations what became of iterations of loops, those that ended before those that begin
 * @param owed steps that have to be undone if the execution does not end well, in the order in
 *     which they ended
 * @param used what a call reported to have cost
 * @param by who ordered it; null if nobody did
 */
public record Transition(
    Change change,
    List<String> started,
    List<String> cancelled,
    List<String> skipped,
    List<Iteration> iterations,
    List<String> owed,
    Usage used,
    String by) {

  /** One that nobody ordered. */
  public Transition(
      Change change,
      List<String> started,
      List<String> cancelled,
      List<String> skipped,
      List<Iteration> iterations,
      List<String> owed,
      Usage used) {
    this(change, started, cancelled, skipped, iterations, owed, used, null);
  }

  public Transition(
      Change change, List<String> started, List<String> cancelled, List<String> skipped) {
    this(change, started, cancelled, skipped, List.of(), List.of(), Usage.NONE);
  }

  Transition started(List<String> more) {
    return new Transition(change, more, cancelled, skipped, iterations, owed, used, by);
  }

  Transition iterations(List<Iteration> more) {
    return new Transition(change, started, cancelled, skipped, more, owed, used, by);
  }

  Transition with(Change other) {
    return new Transition(other, started, cancelled, skipped, iterations, owed, used, by);
  }

  Transition orderedBy(String who) {
    return new Transition(change, started, cancelled, skipped, iterations, owed, used, who);
  }
}
