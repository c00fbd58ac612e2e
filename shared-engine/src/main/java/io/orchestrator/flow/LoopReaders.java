package io.orchestrator.flow;

import java.util.List;

/** Reads the kinds that do their steps again and again. */
final class LoopReaders {
  private final Values values;
  private final SpanReader spans;
  private final StepsReader steps;

  LoopReaders(Values values, SpanReader spans, StepsReader steps) {
    this.values = values;
    this.spans = spans;
    this.steps = steps;
  }

  /** {@code foreach: list} with {@code do} and its options beside it. */
  Syntax.Kind foreach(Node value, Fields fields, int level) {
    Syntax.Expr list = list(value);
    Syntax.Item as = item(fields.take("as"));
    Node body = fields.need("do", "the steps for each item: do: [...]");
    int concurrency =
        values
            .number(fields.take("concurrency"), "concurrency", 1, FlowLimits.CONCURRENCY_MAX, "")
            .orElse(1);
    Tolerance tolerance = new JoinReader(values).tolerance(fields.take("complete"));
    Syntax.Data collect = values.data(fields.take("collect"));
    List<Syntax.Step> block = body == null ? List.of() : steps.block(body, "do", level + 1);
    return list == null
        ? new Syntax.Broken()
        : new Syntax.Foreach(list, as, block, concurrency, tolerance, collect);
  }

  private Syntax.Expr list(Node value) {
    if (value instanceof Node.Scalar scalar && scalar.value() instanceof String) {
      return values.expression(value, "foreach");
    }
    values.wrongType(value, "foreach", "an expression that gives a list");
    return null;
  }

  private Syntax.Item item(Node node) {
    String name = values.text(node, "as");
    if (name == null || name.equals("item")) {
      return null;
    }
    if (!Words.isId(name)) {
      String shape = "letters, digits and _, a letter first";
      values
          .problems()
          .error(Code.BAD_NAME, node.spot(), "'" + name + "' cannot name an item", shape);
      return null;
    }
    if (Words.RESERVED.contains(name)) {
      values
          .problems()
          .error(
              Code.RESERVED_NAME,
              node.spot(),
              "'" + name + "' is a word of the language",
              "use another name, one_" + name + " say");
      return null;
    }
    return new Syntax.Item(node.spot(), name);
  }

  /** {@code repeat: steps} with {@code until}, {@code every} and {@code max} beside it. */
  Syntax.Kind repeat(Node value, Fields fields, int level) {
    List<Syntax.Step> block = steps.block(value, "repeat", level + 1);
    Node until = fields.take("until");
    Syntax.Expr condition = values.condition(until, "until");
    Syntax.Span every = spans.span(fields.take("every"), "every");
    Node max = fields.take("max");
    int rounds = values.number(max, "max", 1, FlowLimits.ROUNDS_MAX, "").orElse(0);
    if (until == null && max == null) {
      values
          .problems()
          .error(
              Code.MISSING_KEY,
              fields.spot(),
              "repeat has no end",
              "say until which condition holds, or how often at most: max: 10");
    }
    return new Syntax.Repeat(block, condition, every, rounds);
  }
}
