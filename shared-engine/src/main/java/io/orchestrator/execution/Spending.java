package io.orchestrator.execution;

import io.orchestrator.flow.Budget;
import io.orchestrator.flow.Plan;

/** Whether an execution has used up what it may. */
final class Spending {
  private Spending() {}

  /**
   * What is used up, in words; null if there is enough of everything. While handlers of the flow
   * run, and at its end, an execution may use what it needs.
   *
   * @param more calls that are about to begin
   */
  static String exceeded(Plan plan, Execution execution, int more) {
    Standing standing = execution.standing();
    if (standing.closing() != null || execution.failure() != null || standing.paused()) {
      return null;
    }
    return exceeded(budget(plan, execution), execution, more);
  }

  /** The budget of its flow, or what somebody has raised it to. */
  static Budget budget(Plan plan, Execution execution) {
    return execution.standing().raised().of(plan.terms().budget());
  }

  static String exceeded(Budget budget, Execution execution, int more) {
    Standing standing = execution.standing();
    if (budget.steps() != null && standing.calls() + more > budget.steps()) {
      return "steps: " + budget.steps();
    }
    if (execution.revision() >= budget.transitions()) {
      return "transitions: " + budget.transitions();
    }
    if (budget.tokens() != null && standing.used().tokens() >= budget.tokens()) {
      return "tokens: " + budget.tokens();
    }
    if (budget.cost() != null && standing.used().cost().compareTo(budget.cost()) >= 0) {
      return "cost: " + budget.cost();
    }
    return null;
  }

  static Failure failure(String exceeded) {
    return Failure.fatal("budget_exceeded", "the budget is used up, " + exceeded);
  }
}
