package io.orchestrator.rehearsal;

import io.orchestrator.execution.Execution;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a rehearsal went.
 *
 * @param execution as it stood in the end
 * @param outcome the status, or {@code refused} for an input that does not fit and {@code ignored}
 *     for a trigger that the filter does not let in
 * @param path the steps that are not structure, in the order of their start
 * @param emitted the events that were emitted, as {@code {type, key, data}}
 * @param stop why it could not go on; null if it went to its end
 * @param length in virtual time
 * @param marks what was reached, for the coverage
 */
public record Played(
    Plan plan,
    Execution execution,
    String outcome,
    List<Started> path,
    List<Made> calls,
    List<Map<String, Object>> emitted,
    Stop stop,
    List<String> warnings,
    Duration length,
    Marks marks) {

  /** A step that started. */
  public record Started(String id, String path) {}

  /**
   * Why a rehearsal could not go on.
   *
   * @param step instance path; empty if it is about none
   * @param waits whether the execution merely waits for something that nobody sends
   */
  public record Stop(String step, String message, boolean waits) {}
}
