package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import java.time.Instant;

/** Finds conditions that are always the same, so that something is never done. */
final class ConstantCheck {
  private final Problems problems;

  ConstantCheck(Problems problems) {
    this.problems = problems;
  }

  void check(Flow flow) {
    Walk.bodies(flow, this::body);
  }

  private void body(Syntax.Body body) {
    Syntax.Expr when = body.options().when();
    if (isAlways(when, Expression.Truth.NO)) {
      tell(
          when, "this step is never done, its condition is always false", "disabled: true says so");
    }
    if (body.kind() instanceof Syntax.Conditional choice) {
      if (isAlways(choice.condition(), Expression.Truth.NO)) {
        tell(choice.condition(), "the steps of then are never done", "");
      }
      if (isAlways(choice.condition(), Expression.Truth.YES) && !choice.otherwise().isEmpty()) {
        tell(choice.condition(), "the steps of else are never done", "");
      }
    }
  }

  private static boolean isAlways(Syntax.Expr condition, Expression.Truth truth) {
    if (condition == null || !condition.expression().isConstant()) {
      return false;
    }
    try {
      return condition.expression().truth(new Scope(name -> null, Instant.EPOCH, "")) == truth;
    } catch (ExpressionException toldElsewhere) {
      return false;
    }
  }

  private void tell(Syntax.Expr condition, String message, String hint) {
    problems.warning(Code.UNREACHABLE_STEP, condition.node().spot(), message, hint);
  }
}
