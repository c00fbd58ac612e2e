package io.orchestrator.engine;

import io.orchestrator.execution.Event;
import io.orchestrator.execution.Raise;
import io.orchestrator.execution.Settlement;
import java.util.UUID;

/** Somebody who looks after the executions of a tenant; the history says what they have done. */
public final class Operator {
  private final Words words;
  private final Repairs repairs;
  private final String tenant;
  private final String name;

  Operator(Words words, Repairs repairs, String tenant, String name) {
    this.words = words;
    this.repairs = repairs;
    this.tenant = tenant;
    this.name = name;
  }

  /** Stops an execution; what it did is undone if that is wanted, or if its flow says so. */
  public CancelOutcome cancel(UUID id, String reason, boolean compensates) {
    return words.cancel(tenant, id, reason, compensates, name);
  }

  /** Begins no call of an execution until it is resumed; calls in flight end. */
  public Resumption pause(UUID id, String reason) {
    return words.steer(
        tenant, id, at -> new Event.Ordered(name, new Event.PauseRequested(reason, at)));
  }

  /** Lets an execution go on, perhaps with more to use up. */
  public Resumption resume(UUID id, Raise raise) {
    return words.steer(
        tenant, id, at -> new Event.Ordered(name, new Event.ResumeRequested(raise, at)));
  }

  /** An execution that has ended goes on from what failed; finished steps are not run again. */
  public RepairOutcome retry(UUID id, Retrial wish) {
    return repairs.retry(tenant, id, wish, name);
  }

  /** An earlier state is restored, and it goes on from there; also out of quarantine. */
  public RepairOutcome rollback(UUID id, Rollback wish) {
    return repairs.rollback(tenant, id, wish, name);
  }

  /**
   * Ends the wait of a step by hand.
   *
   * @param step its id, or its path if it stands in a loop
   */
  public RepairOutcome settle(UUID id, String step, Settlement settlement) {
    return repairs.settle(tenant, id, step, settlement, name);
  }
}
