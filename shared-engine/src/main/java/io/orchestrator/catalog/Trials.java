package io.orchestrator.catalog;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Lookback;
import io.orchestrator.execution.Status;
import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.TrialRows;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Versions that some starts take: counts how their executions end. */
public final class Trials {
  private static final Logger LOG = LoggerFactory.getLogger(Trials.class);

  private final Catalog catalog;
  private final TrialRows rows;

  Trials(Catalog catalog, TrialRows rows) {
    this.catalog = catalog;
    this.rows = rows;
  }

  /** The flow's trial that began last. */
  public Optional<TrialRows.Trial> latest(String tenant, String flow) {
    return rows.latest(tenant, flow);
  }

  /** An execution has ended; one that was cancelled says nothing about its version. */
  void ended(String flow, String version, Execution execution) {
    if (execution.status() == Status.CANCELLED) {
      return;
    }
    Optional<String> goal = rows.goal(execution.tenant(), flow);
    if (goal.isPresent()) {
      boolean failed = execution.status() != Status.COMPLETED;
      boolean met = isMet(goal.get(), flow, version, execution);
      rows.count(
          execution.tenant(),
          flow,
          new TrialRows.End(execution.id(), version, execution.startedAt(), failed, met));
    }
  }

  /** A goal that cannot be evaluated over an execution is one that it has not met. */
  private boolean isMet(String goal, String flow, String version, Execution execution) {
    if (goal.isEmpty()) {
      return false;
    }
    try {
      Plan plan = catalog.plan(execution.tenant(), flow, version).orElseThrow();
      return Expression.parse(goal).condition(new Lookback(plan, execution).scope());
    } catch (ExpressionException broken) {
      LOG.debug("{} has not met the goal: {}", execution.id(), broken.getMessage());
      return false;
    }
  }
}
