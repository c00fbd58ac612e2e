package io.orchestrator.reference;

import java.util.List;
import java.util.Map;

/**
 * What an engine made of an execution.
 *
 * @param failure its type; null if it did not fail
 * @param steps by instance path
 * @param calls that were made, as {@code path#attempt}, with doubles
 */
public record Observed(
    String status,
    Object output,
    String failure,
    boolean handled,
    Map<String, At> steps,
    List<String> calls) {
  /** A step at the end. */
  public record At(String status, int attempt, Object output) {}
}
