package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.List;

/** Reads the kinds that hold steps. */
final class BlockReaders {
  private final Values values;
  private final StepsReader steps;
  private final JoinReader joins;

  BlockReaders(Values values, StepsReader steps) {
    this.values = values;
    this.steps = steps;
    this.joins = new JoinReader(values);
  }

  /** {@code parallel: [steps]}. */
  Syntax.Kind parallel(Node value, Fields fields, int level) {
    Node complete = fields.take("complete");
    Node concurrency = fields.take("concurrency");
    List<Syntax.Step> branches = steps.block(value, "parallel", level + 1);
    int most =
        values
            .number(concurrency, "concurrency", 1, FlowLimits.CONCURRENCY_MAX, "")
            .orElse(FlowLimits.CONCURRENCY_MAX);
    return new Syntax.Parallel(branches, joins.join(complete, branches.size()), most);
  }

  /** {@code switch: expr} with {@code cases} beside it, or {@code switch: [{when, steps}]}. */
  Syntax.Kind choose(Node value, Fields fields, int level) {
    Node otherwise = fields.take("default");
    List<Syntax.Case> cases = new ArrayList<>();
    Syntax.Expr chosen = null;
    if (value instanceof Node.Sequence list) {
      conditions(list, cases, level);
    } else {
      chosen = values.expression(value, "switch");
      labels(fields.need("cases", "the steps by value: cases: {a: [...]}"), cases, level);
    }
    List<Syntax.Step> rest = block(otherwise, "default", level);
    boolean broken = chosen == null && !(value instanceof Node.Sequence);
    return broken ? new Syntax.Broken() : new Syntax.Switch(chosen, List.copyOf(cases), rest);
  }

  private void conditions(Node.Sequence list, List<Syntax.Case> cases, int level) {
    if (list.items().isEmpty()) {
      values.problems().error(Code.EMPTY, list.spot(), "switch has no cases", "");
    }
    for (Node item : list.items()) {
      Fields inner = values.fields(item, "a case");
      if (inner != null) {
        Syntax.Expr when = values.condition(inner.need("when", "the condition"), "when");
        Node block = inner.need("steps", "");
        inner.finish();
        String label = Integer.toString(cases.size() + 1);
        cases.add(new Syntax.Case(item.spot(), label, when, block(block, "steps", level)));
      }
    }
  }

  private void labels(Node node, List<Syntax.Case> cases, int level) {
    if (node instanceof Node.Mapping map) {
      if (map.entries().isEmpty()) {
        values.problems().error(Code.EMPTY, map.spot(), "cases has no cases", "");
      }
      map.entries()
          .forEach(
              (label, entry) -> {
                List<Syntax.Step> block = steps.block(entry.value(), "'" + label + "'", level + 1);
                cases.add(new Syntax.Case(entry.spot(), label, null, block));
              });
    } else if (node != null) {
      values.wrongType(node, "cases", "a map of values and steps");
    }
  }

  private List<Syntax.Step> block(Node node, String what, int level) {
    return node == null ? List.of() : steps.block(node, what, level + 1);
  }

  /** {@code if: expr} with {@code then} and {@code else} beside it. */
  Syntax.Kind choice(Node value, Fields fields, int level) {
    return value instanceof Node.Mapping && !fields.has("then")
        ? conditional(value, fields, level)
        : branches(value, fields, level);
  }

  /** {@code conditional: {if, then, else}}. */
  Syntax.Kind conditional(Node value, Fields fields, int level) {
    Fields inner = values.fields(value, "conditional");
    if (inner == null) {
      return new Syntax.Broken();
    }
    Syntax.Kind kind =
        branches(inner.need("if", "conditional: {if: ..., then: [...]}"), inner, level);
    inner.finish();
    return kind;
  }

  private Syntax.Kind branches(Node condition, Fields fields, int level) {
    Syntax.Expr expression = values.condition(condition, "if");
    Node then = fields.need("then", "a list of steps");
    Node otherwise = fields.take("else");
    List<Syntax.Step> thenSteps = block(then, "then", level);
    return new Syntax.Conditional(expression, thenSteps, block(otherwise, "else", level));
  }

  /** {@code do: steps} with {@code finally} beside it. */
  Syntax.Kind group(Node value, Fields fields, int level) {
    Node atEnd = fields.take("finally");
    List<Syntax.Step> block = steps.block(value, "do", level + 1);
    return new Syntax.Group(block, block(atEnd, "finally", level));
  }
}
