package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Reads lengths of time. */
final class SpanReader {
  private static final String SHAPES = "a number and ms, s, m, h or d (15m), or ISO-8601 (PT15M)";

  private final Values values;

  SpanReader(Values values) {
    this.values = values;
  }

  /**
   * A duration or an expression that gives one; null if it is missing or, with a problem told, if
   * it is neither.
   */
  Syntax.Span span(Node node, String what) {
    Syntax.Span span = orNothing(node, what);
    if (span != null && span.span() instanceof TimeSpan.Fixed fixed && fixed.duration().isZero()) {
      bad(node, what + " must be longer than nothing", "");
      return null;
    }
    return span;
  }

  /** The same, which may be no time at all. */
  Syntax.Span orNothing(Node node, String what) {
    if (node instanceof Node.Scalar scalar
        && scalar.value() instanceof String text
        && text.startsWith("$")) {
      Syntax.Expr computed = values.expression(node, what);
      return computed == null
          ? null
          : new Syntax.Span(new TimeSpan.Computed(computed.expression()), computed, node.spot());
    }
    Duration fixed = fixed(node, what);
    return fixed == null ? null : new Syntax.Span(new TimeSpan.Fixed(fixed), null, node.spot());
  }

  /** A duration that is written out, nothing at all included. */
  Duration fixed(Node node, String what) {
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Scalar scalar)
        || scalar.value() == null
        || scalar.value() instanceof Boolean) {
      values.wrongType(node, what, "a duration");
      return null;
    }
    if (scalar.value() instanceof Number number) {
      bad(node, what + " needs a unit", "write " + number + "s or " + number + "ms");
      return null;
    }
    String text = (String) scalar.value();
    Duration duration = Durations.parse(text);
    if (duration == null) {
      bad(node, what + " cannot be '" + text + "'", SHAPES);
    } else if (duration.compareTo(FlowLimits.WAIT_MAX) > 0) {
      bad(node, what + " is longer than " + FlowLimits.WAIT_MAX.toDays() + " days", "");
      return null;
    }
    return duration;
  }

  /** The instant at which a wait ends. */
  Syntax.Span until(Node node, String what) {
    if (node instanceof Node.Scalar scalar
        && scalar.value() instanceof String text
        && isInstant(text)) {
      return new Syntax.Span(
          new TimeSpan.Until(Expression.parse("'" + text + "'")), null, node.spot());
    }
    Syntax.Expr instant = values.expression(node, what);
    return instant == null
        ? null
        : new Syntax.Span(new TimeSpan.Until(instant.expression()), instant, node.spot());
  }

  private static boolean isInstant(String text) {
    try {
      return Instant.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private void bad(Node node, String message, String hint) {
    values.problems().error(Code.BAD_DURATION, node.spot(), message, hint);
  }
}
