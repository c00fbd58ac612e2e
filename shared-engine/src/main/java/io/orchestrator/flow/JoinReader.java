package io.orchestrator.flow;

import java.math.BigDecimal;

/** Reads {@code complete}: when branches or items are enough. */
final class JoinReader {
  private final Values values;

  JoinReader(Values values) {
    this.values = values;
  }

  /** Of a parallel: {@code all}, {@code any}, {@code {min: 2}}, {@code {tolerate: 1}}. */
  Join join(Node node, int branches) {
    if (isAll(node)) {
      return Join.ALL;
    }
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String word) {
      if (word.equals("any")) {
        return new Join(1, Tolerance.NONE);
      }
      bad(node, "complete cannot be '" + word + "'", "one of all, any, {min: 2}, {tolerate: 1}");
      return Join.ALL;
    }
    Fields inner = values.fields(node, "complete");
    if (inner == null) {
      return Join.ALL;
    }
    Node min = inner.take("min");
    Node tolerate = inner.take("tolerate");
    inner.finish();
    if ((min == null) == (tolerate == null)) {
      bad(node, "complete says either min or tolerate", "");
      return Join.ALL;
    }
    return min == null
        ? new Join(0, tolerate(tolerate))
        : new Join(enough(min, branches), Tolerance.NONE);
  }

  private int enough(Node node, int branches) {
    int enough = values.number(node, "min", 1, Integer.MAX_VALUE, "").orElse(1);
    if (enough > Math.max(1, branches)) {
      values
          .problems()
          .error(
              Code.CONTRADICTION,
              node.spot(),
              "min must be from 1 to " + branches,
              "the parallel has " + branches + " branches");
      return 1;
    }
    return enough;
  }

  /** Of a foreach: {@code {tolerate: 3}}, {@code {tolerate: 10%}} or {@code all}. */
  Tolerance tolerance(Node node) {
    Fields inner = isAll(node) ? null : values.fields(node, "complete");
    if (inner == null) {
      return Tolerance.NONE;
    }
    Node tolerate = inner.need("tolerate", "how many items may fail: {tolerate: 10%}");
    inner.finish();
    return tolerate == null ? Tolerance.NONE : tolerate(tolerate);
  }

  private static boolean isAll(Node node) {
    return node == null || (node instanceof Node.Scalar scalar && "all".equals(scalar.value()));
  }

  private Tolerance tolerate(Node node) {
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
      BigDecimal percent = percent(text);
      if (percent != null) {
        return new Tolerance(0, percent);
      }
      bad(node, "tolerate cannot be '" + text + "'", "a number or a share: 10%");
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

  private void bad(Node node, String message, String hint) {
    values.problems().error(Code.BAD_VALUE, node.spot(), message, hint);
  }
}
