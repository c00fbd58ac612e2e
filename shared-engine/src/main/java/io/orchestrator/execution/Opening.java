package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * With what an execution begins.
 *
 * @param vars first values of its variables
 * @param timeout how long it may take as a whole; null if there is no limit
 * @param broken why it cannot begin; null if it can
 */
record Opening(Map<String, Object> vars, Duration timeout, Failure broken) {

  static Opening of(
      Plan plan, Execution blank, Object input, Map<String, Object> trigger, Instant now) {
    Map<String, Object> vars = Map.of();
    Failure broken = null;
    if (plan.vars() != null) {
      try {
        vars = View.map(plan.vars().fill(View.beforeStart(plan, blank, input, trigger, now)));
      } catch (ExpressionException e) {
        broken = failure("vars", e);
      }
    }
    try {
      Scope scope = View.beforeStart(plan, blank, input, trigger, vars, now);
      return new Opening(vars, timeout(plan, scope), broken);
    } catch (ExpressionException e) {
      return new Opening(vars, null, broken == null ? failure("timeout", e) : broken);
    }
  }

  /** The same of one that has waited for its turn until now. */
  static Opening admitted(Plan plan, Execution execution, Instant now) {
    try {
      Scope scope = new View(plan, execution, now).ofFlow();
      return new Opening(execution.vars(), timeout(plan, scope), null);
    } catch (ExpressionException e) {
      return new Opening(execution.vars(), null, failure("timeout", e));
    }
  }

  private static Duration timeout(Plan plan, Scope scope) {
    Duration timeout =
        plan.timeout() == null ? null : Spans.length(plan.timeout(), scope, scope.now());
    if (timeout != null && !timeout.isPositive()) {
      throw new ExpressionException("it must be longer than nothing", -1);
    }
    return timeout;
  }

  private static Failure failure(String key, ExpressionException broken) {
    return Failure.fatal("expression", key + ": " + broken.getMessage());
  }
}
