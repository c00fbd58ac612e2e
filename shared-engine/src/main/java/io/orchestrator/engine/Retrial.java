package io.orchestrator.engine;

import java.util.Map;

/**
 * A wish to let an execution that has ended go on.
 *
 * @param from the step that runs again, with all that comes after it; null: what failed
 * @param newInput whether {@code input} takes the place of the one that it had
 * @param outputs what steps give instead, by id or path; a step that has not finished counts as done
 * @param version of the flow to go on with; null: its own
 */
public record Retrial(
    String from,
    boolean newInput,
    Object input,
    Map<String, Object> outputs,
    String version,
    String reason) {
  /** Just go on. */
  public static Retrial because(String reason) {
    return new Retrial(null, false, null, Map.of(), null, reason);
  }
}
