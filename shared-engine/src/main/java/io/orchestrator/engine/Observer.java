package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import java.util.List;
import java.util.UUID;

/** Is told of every transition once it is committed; must not block for long and must not throw. */
@FunctionalInterface
public interface Observer {
  /** Does nothing. */
  Observer NONE = (plan, before, transitions, after) -> {};

  /** These transitions led from the one state to the other and are durable. */
  void committed(Plan plan, Execution before, List<Transition> transitions, Execution after);

  /** An execution whose stored state cannot be trusted was taken out of service. */
  default void quarantined(UUID execution, String why) {}
}
