package io.orchestrator.flow;

import java.math.BigDecimal;
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
    Tolerance tolerance = tolerance(fields.take("complete"));
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

  /** {@code complete: {tolerate: 3}}, {@code {tolerate: 10%}} or {@code all}. */
  private Tolerance tolerance(Node node) {
    boolean all = node instanceof Node.Scalar scalar && "all".equals(scalar.value());
    if (node == null || all) {
      return Tolerance.NONE;
    }
    Fields inner = values.fields(node, "complete");
    if (inner == null) {
      return Tolerance.NONE;
    }
    Node tolerate = inner.need("tolerate", "how many items may fail: {tolerate: 10%}");
    inner.finish();
    return tolerate == null ? Tolerance.NONE : tolerate(tolerate);
  }

  private Tolerance tolerate(Node node) {
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
      BigDecimal percent = percent(text);
      if (percent != null) {
        return new Tolerance(0, percent);
      }
      values
          .problems()
          .error(
              Code.BAD_VALUE,
              node.spot(),
              "tolerate cannot be '" + text + "'",
              "a number of items or a share: 10%");
      return Tolerance.NONE;
    }
    return new Tolerance(
        values.number(node, "tolerate", 0, FlowLimits.ITEMS_MAX, "").orElse(0), null);
  }

  /** From 0 to 100 with at most three decimals; null if it is anything else. */
  private static BigDecimal percent(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,3})?%")) {
      return null;
    }
    BigDecimal percent = new BigDecimal(text.substring(0, text.length() - 1));
    return percent.compareTo(BigDecimal.valueOf(100)) > 0 ? null : percent;
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
