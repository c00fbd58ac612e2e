package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Is told of every transition once it is committed; must not block for long and must not throw. */
@FunctionalInterface
public interface Observer {
  /** Does nothing. */
  Observer NONE = moved -> {};

  /**
   * Transitions that led from one state to another and are durable.
   *
   * @param at the database's time of the commit
   * @param trace the context of the start; null: the trace is the execution's own
   */
  record Moved(
      Plan plan,
      Execution before,
      List<Transition> transitions,
      Execution after,
      Instant at,
      String trace) {}

  /** An execution has moved on. */
  void committed(Moved moved);

  /** An execution whose stored state cannot be trusted was taken out of service. */
  default void quarantined(UUID execution, String why) {}

  /** An execution whose owner is gone was taken over by this process. */
  default void takenOver(UUID execution) {}

  /** Both are told, in this order. */
  default Observer and(Observer other) {
    Observer first = this;
    return new Observer() {
      @Override
      public void committed(Moved moved) {
        first.committed(moved);
        other.committed(moved);
      }

      @Override
      public void quarantined(UUID execution, String why) {
        first.quarantined(execution, why);
        other.quarantined(execution, why);
      }

      @Override
      public void takenOver(UUID execution) {
        first.takenOver(execution);
        other.takenOver(execution);
      }
    };
  }
}
