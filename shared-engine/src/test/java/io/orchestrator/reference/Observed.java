package io.orchestrator.reference;

import java.util.List;
import java.util.Map;

/**
 * What an engine made of an execution.
 *
 * @param failure its type; null if it did not fail
 * @param steps by instance path
 * @param calls that were made, as {@code path#attempt}, with doubles; the starts of sub-flows too
 * @param undone paths of steps that were undone, or could not be, in that order
 * @param children the executions that it started, by {@code path#attempt}
 */
public record Observed(
    String status,
    Object output,
    String failure,
    boolean handled,
    Map<String, At> steps,
    List<String> calls,
    List<String> undone,
    Map<String, Observed> children) {
  /** A step at the end. */
  public record At(String status, int attempt, Object output) {}
}
