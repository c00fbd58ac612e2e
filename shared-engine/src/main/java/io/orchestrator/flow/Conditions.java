package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import java.time.Instant;

/** What can be said of a condition before it runs. */
final class Conditions {
  private Conditions() {}

  /** Whether an expression that reads nothing gives something that is no boolean. */
  static boolean isNeverBoolean(Expression expression) {
    if (!expression.references().isEmpty()) {
      return false;
    }
    try {
      Object value = expression.evaluate(new Scope(name -> null, Instant.EPOCH, ""));
      return value != null && !(value instanceof Boolean);
    } catch (ExpressionException e) {
      return false;
    }
  }
}
