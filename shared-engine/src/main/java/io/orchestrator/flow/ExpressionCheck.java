package io.orchestrator.flow;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Finding;
import io.orchestrator.expression.Scope;
import io.orchestrator.expression.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Finds in single expressions what will go wrong whatever the data. */
final class ExpressionCheck {
  private static final Scope NOTHING = new Scope(name -> null, Instant.EPOCH, "");

  private final Typing typing;
  private final Problems problems;

  ExpressionCheck(Typing typing, Problems problems) {
    this.typing = typing;
    this.problems = problems;
  }

  /**
   * Tells what is wrong with the types of an expression.
   *
   * @param at the step that it belongs to; empty outside of steps
   */
  void check(Syntax.Expr expr, String at) {
    List<Finding> findings = new ArrayList<>();
    Function<String, Type> roots = name -> typing.root(name, at);
    if (!expr.condition()) {
      expr.expression().infer(roots, findings::add);
    } else if (!expr.expression().isNeverBoolean()) {
      expr.expression().inferCondition(roots, findings::add);
    }
    findings.forEach(finding -> tell(finding, expr));
    if (findings.isEmpty() && expr.expression().isConstant()) {
      tryOut(expr);
    }
  }

  /** Tells of the cases whose label the value of a switch can never be. */
  void cases(Syntax.Switch choice, String at) {
    if (choice.value() == null) {
      return;
    }
    Type type =
        choice.value().expression().infer(name -> typing.root(name, at), ignoredTwice -> {});
    for (Syntax.Case one : choice.cases()) {
      if (!canBe(type, one.label())) {
        problems.warning(
            Code.NEVER_EQUAL,
            one.spot(),
            "'" + one.label() + "' is never the value, which is " + type.described(),
            "");
      }
    }
  }

  /** Whether the text of such a value can be that. */
  private static boolean canBe(Type type, String label) {
    return type.mayBeString()
        || type.mayBeArray()
        || type.mayBeObject()
        || (type.mayBeNull() && label.equals("null"))
        || (type.mayBeBoolean() && (label.equals("true") || label.equals("false")))
        || (type.mayBeNumber() && label.matches("-?[0-9][0-9.eE+-]*"));
  }

  private void tell(Finding finding, Syntax.Expr expr) {
    Spot spot = expr.node().at(finding.offset());
    switch (finding.flaw()) {
      case TYPES -> problems.error(Code.TYPE_ERROR, spot, finding.message(), finding.hint());
      case FIELD -> problems.error(Code.UNKNOWN_FIELD, spot, finding.message(), finding.hint());
      case UNDECLARED_FIELD ->
          problems.warning(Code.UNKNOWN_FIELD, spot, finding.message(), finding.hint());
      case CONDITION -> problems.error(Code.NOT_BOOLEAN, spot, finding.message(), finding.hint());
      case NEVER_EQUAL ->
          problems.warning(Code.NEVER_EQUAL, spot, finding.message(), finding.hint());
    }
  }

  /** What needs no data can be evaluated now. */
  private void tryOut(Syntax.Expr expr) {
    try {
      expr.expression().evaluate(NOTHING);
    } catch (ExpressionException fault) {
      Spot spot = expr.node().at(fault.offset());
      problems.error(Code.TYPE_ERROR, spot, "this always fails: " + fault.getMessage(), "");
    }
  }
}
