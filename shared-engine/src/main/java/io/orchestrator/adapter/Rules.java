package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import java.util.List;

/** An action's own view of which answers are failures. */
final class Rules {
  private Rules() {}

  /**
   * The failure that the first fitting rule makes of the answer; null if none fits.
   *
   * @param byStatus what the status alone says, whose details are kept
   * @throws ExpressionException if the answer looks like a success and a rule that might deny it
   *     cannot be evaluated
   */
  static Failure failure(
      List<Action.ErrorRule> rules, Scope scope, Failure byStatus, boolean success) {
    for (Action.ErrorRule rule : rules) {
      if (fits(rule, scope, success)) {
        boolean retryable = rule.retryable() == null ? byStatus.retryable() : rule.retryable();
        return new Failure(
            rule.type(),
            message(rule, scope, byStatus),
            byStatus.status(),
            retryable,
            byStatus.adapter(),
            byStatus.data(),
            byStatus.retryAfter());
      }
    }
    return null;
  }

  private static boolean fits(Action.ErrorRule rule, Scope scope, boolean success) {
    try {
      return Boolean.TRUE.equals(rule.when().evaluate(scope));
    } catch (ExpressionException broken) {
      if (success) {
        throw broken;
      }
      // The answer is a failure anyway, and what its status says is worth more than a rule's
      // mistake.
      return false;
    }
  }

  private static String message(Action.ErrorRule rule, Scope scope, Failure byStatus) {
    try {
      Object message = rule.message() == null ? null : rule.message().fill(scope);
      return message instanceof String text && !text.isEmpty() ? text : byStatus.message();
    } catch (ExpressionException broken) {
      // A gateway before the service may answer a page instead of JSON; the failure stays what it
      // is.
      return byStatus.message();
    }
  }
}
