package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import java.util.List;

/** Is told of every transition once it is committed; must not block for long and must not throw. */
@FunctionalInterface
public interface Observer {
  /** Does nothing. */
  Observer NONE = (plan, before, transitions, after) -> {};

  /** These transitions led from the one state to the other and are durable. */
  void committed(Plan plan, Execution before, List<Transition> transitions, Execution after);
}
