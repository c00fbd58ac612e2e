package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import java.time.Instant;
import java.util.List;

/** Finds conditions that are always the same, so that something is never done. */
final class ConstantCheck {
  private final Problems problems;

  ConstantCheck(Problems problems) {
    this.problems = problems;
  }

  void check(Flow flow) {
    Walk.bodies(flow, this::body);
    flow.triggers().forEach(this::trigger);
    clauses(flow.onError());
  }

  private void trigger(Trigger trigger) {
    Syntax.Expr filter =
        switch (trigger) {
          case Trigger.Webhook webhook -> webhook.filter();
          case Trigger.Occurrence event -> event.filter();
          case Trigger.Schedule ignored -> null;
          case Trigger.Completion ignored -> null;
        };
    if (isAlways(filter, Expression.Truth.NO)) {
      tell(filter, "this never starts the flow, its filter is always false", "");
    }
  }

  private void body(Syntax.Body body) {
    Syntax.Expr when = body.options().when();
    if (isAlways(when, Expression.Truth.NO)) {
      tell(
          when, "this step is never done, its condition is always false", "disabled: true says so");
    }
    switch (body.kind()) {
      case Syntax.Conditional choice -> conditional(choice);
      case Syntax.Switch choice -> cases(choice);
      case Syntax.Foreach each -> items(each.list());
      case Syntax.Repeat repeat -> rounds(repeat);
      case Syntax.AwaitEvent event -> match(event.match());
      default -> {}
    }
    clauses(body.options().onError());
  }

  private void conditional(Syntax.Conditional choice) {
    if (isAlways(choice.condition(), Expression.Truth.NO)) {
      tell(choice.condition(), "the steps of then are never done", "");
    }
    if (isAlways(choice.condition(), Expression.Truth.YES) && !choice.otherwise().isEmpty()) {
      tell(choice.condition(), "the steps of else are never done", "");
    }
  }

  private void cases(Syntax.Switch choice) {
    for (int i = 0; i < choice.cases().size(); i++) {
      Syntax.Expr when = choice.cases().get(i).when();
      boolean last = i + 1 == choice.cases().size() && choice.otherwise().isEmpty();
      if (isAlways(when, Expression.Truth.NO)) {
        tell(when, "the steps of this case are never done", "");
      }
      if (isAlways(when, Expression.Truth.YES) && !last) {
        tell(when, "no case after this one is ever looked at", "write default for the rest");
        return;
      }
    }
  }

  private void items(Syntax.Expr list) {
    if (list.expression().isConstant()
        && value(list.expression()) instanceof List<?> items
        && items.isEmpty()) {
      tell(list, "the steps of do are never done, the list is empty", "");
    }
  }

  private void rounds(Syntax.Repeat repeat) {
    if (isAlways(repeat.until(), Expression.Truth.NO) && repeat.max() == 0) {
      problems.error(
          Code.CONTRADICTION,
          repeat.until().node().spot(),
          "repeat has no end, its until never holds",
          "say how often at most: max: 10");
    }
    if (isAlways(repeat.until(), Expression.Truth.YES)) {
      problems.warning(
          Code.CONTRADICTION,
          repeat.until().node().spot(),
          "there is one round only, until always holds",
          "");
    }
  }

  private void match(Syntax.Expr match) {
    if (isAlways(match, Expression.Truth.NO)) {
      problems.warning(Code.CONTRADICTION, match.node().spot(), "no event can ever be the one", "");
    }
  }

  /** A clause that leaves nothing to one after it. */
  private void clauses(Syntax.Handling handling) {
    List<Syntax.Clause> clauses = handling == null ? List.of() : handling.clauses();
    for (int i = 0; i < clauses.size(); i++) {
      Syntax.Clause clause = clauses.get(i);
      if (isAlways(clause.when(), Expression.Truth.NO)) {
        tell(clause.when(), "these handlers are never done, their condition is always false", "");
      }
      if (clauses.subList(0, i).stream().anyMatch(before -> covers(before, clause))) {
        problems.warning(
            Code.UNREACHABLE_STEP,
            clause.spot(),
            "these handlers are never done, one before catches the same errors",
            "the first that fits is taken");
      }
    }
  }

  private static boolean covers(Syntax.Clause before, Syntax.Clause clause) {
    boolean all = before.types().isEmpty();
    boolean same = !clause.types().isEmpty() && before.types().containsAll(clause.types());
    return before.when() == null && (all || same);
  }

  private static Object value(Expression expression) {
    try {
      return expression.evaluate(new Scope(name -> null, Instant.EPOCH, ""));
    } catch (ExpressionException toldElsewhere) {
      return null;
    }
  }

  /** Whether a condition is the same whatever the data; null is none. */
  static boolean isAlways(Syntax.Expr condition, Expression.Truth truth) {
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
