package io.orchestrator.flow;

import java.util.List;

/** Reads the kinds that hold steps. */
final class BlockReaders {
  private final Values values;
  private final StepsReader steps;

  BlockReaders(Values values, StepsReader steps) {
    this.values = values;
    this.steps = steps;
  }

  /** {@code parallel: [steps]}. */
  Syntax.Kind parallel(Node value, Fields fields, int level) {
    Node complete = fields.take("complete");
    if (complete != null
        && !(complete instanceof Node.Scalar scalar && "all".equals(scalar.value()))) {
      values.unsupported(complete.spot(), "'complete' other than all");
    }
    fields.unsupported("concurrency");
    return new Syntax.Parallel(steps.block(value, "parallel", level + 1));
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
    List<Syntax.Step> thenSteps = then == null ? List.of() : steps.block(then, "then", level + 1);
    List<Syntax.Step> elseSteps =
        otherwise == null ? List.of() : steps.block(otherwise, "else", level + 1);
    return new Syntax.Conditional(expression, thenSteps, elseSteps);
  }

  /** {@code do: steps}. */
  Syntax.Kind group(Node value, Fields fields, int level) {
    fields.unsupported("finally");
    return new Syntax.Group(steps.block(value, "do", level + 1));
  }
}
