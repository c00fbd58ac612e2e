package io.orchestrator.engine;

import io.orchestrator.flow.Problem;
import java.util.List;

/** What became of an operator's wish to mend an execution. */
public sealed interface RepairOutcome {
  /** It is done, and the execution goes on. */
  record Done(String version, String status) implements RepairOutcome {}

  /**
   * It cannot be done as things stand.
   *
   * @param code for programs: {@code in_flight}, {@code not_retryable}, {@code no_such_state},
   *     {@code incompatible_version}, {@code no_room}, {@code not_waiting}
   */
  record Refused(String code, String why) implements RepairOutcome {}

  /** What it says is wrong. */
  record BadInput(List<Problem> problems) implements RepairOutcome {}

  /** This tenant has no such execution. */
  record NotFound() implements RepairOutcome {}
}
