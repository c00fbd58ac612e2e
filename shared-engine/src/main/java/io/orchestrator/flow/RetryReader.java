package io.orchestrator.flow;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code retry}. */
final class RetryReader {
  private final Values values;
  private final SpanReader spans;

  RetryReader(Values values, SpanReader spans) {
    this.values = values;
    this.spans = spans;
  }

  /** The retry; null if it is missing or, with problems told, if it is wrong. */
  Syntax.Retrying read(Node node) {
    Fields fields = node == null ? null : values.fields(node, "retry");
    if (fields == null) {
      return null;
    }
    Node backoffNode = fields.take("backoff");
    List<Duration> delays = backoffNode instanceof Node.Sequence list ? delays(list) : List.of();
    Duration delay = spans.fixed(fields.take("delay"), "delay");
    Duration maxDelay = spans.fixed(fields.take("max_delay"), "max_delay");
    Syntax.Expr when = values.condition(fields.take("when"), "when");
    Retry.Jitter jitter = values.word(fields.take("jitter"), "jitter", Retry.Jitter.class);
    Duration first = delay == null ? Retry.UNSAID.delay() : delay;
    List<Syntax.Named> only = HandlersReader.types(fields.take("only"), "only", values);
    List<Syntax.Named> except = HandlersReader.types(fields.take("except"), "except", values);
    List<Syntax.Named> foreign = new ArrayList<>(HandlersReader.foreign(only));
    foreign.addAll(HandlersReader.foreign(except));
    Retry retry =
        new Retry(
            attempts(fields.take("attempts"), delays),
            backoff(backoffNode, delay),
            delays,
            first,
            factor(fields.take("factor")),
            maxDelay == null ? longest(first, delays) : maxDelay,
            jitter == null ? Retry.UNSAID.jitter() : jitter,
            HandlersReader.names(only),
            HandlersReader.names(except),
            when == null ? null : when.expression(),
            true);
    Set<String> written = fields.written();
    fields.finish();
    return new Syntax.Retrying(fields.spot(), retry, when, written, foreign);
  }

  private List<Duration> delays(Node.Sequence list) {
    if (list.items().isEmpty()) {
      values
          .problems()
          .error(
              Code.EMPTY, list.spot(), "backoff is an empty list", "write exponential or [1s, 5s]");
    }
    return spans.list(list, "backoff");
  }

  private Retry.Backoff backoff(Node node, Duration delay) {
    if (node instanceof Node.Sequence) {
      return Retry.Backoff.CONSTANT;
    }
    Retry.Backoff said = values.word(node, "backoff", Retry.Backoff.class);
    Retry.Backoff unsaid = delay == null ? Retry.Backoff.EXPONENTIAL : Retry.Backoff.CONSTANT;
    return said == null ? unsaid : said;
  }

  private int attempts(Node node, List<Duration> delays) {
    int unsaid = delays.isEmpty() ? Retry.UNSAID.attempts() : delays.size() + 1;
    return values
        .number(node, "attempts", 1, FlowLimits.ATTEMPTS_MAX, "3 is three calls in all")
        .orElse(unsaid);
  }

  private double factor(Node node) {
    if (node == null) {
      return Retry.UNSAID.factor();
    }
    if (!(node instanceof Node.Scalar scalar) || !(scalar.value() instanceof Number number)) {
      values.wrongType(node, "factor", "a number");
      return Retry.UNSAID.factor();
    }
    double factor =
        number instanceof BigDecimal decimal ? decimal.doubleValue() : number.longValue();
    if (factor < 1 || factor > 100) {
      bad(node, "factor must be from 1 to 100", "");
    }
    return factor;
  }

  /** A delay that the author wrote is not cut by a bound that he did not write. */
  private static Duration longest(Duration delay, List<Duration> delays) {
    Duration longest = Retry.UNSAID.maxDelay();
    longest = delay.compareTo(longest) > 0 ? delay : longest;
    for (Duration one : delays) {
      longest = one.compareTo(longest) > 0 ? one : longest;
    }
    return longest;
  }

  private void bad(Node node, String message, String hint) {
    values.problems().error(Code.BAD_VALUE, node.spot(), message, hint);
  }
}
