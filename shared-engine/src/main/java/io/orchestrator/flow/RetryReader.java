package io.orchestrator.flow;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

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
    List<Syntax.Span> delays = backoffNode instanceof Node.Sequence list ? delays(list) : List.of();
    Syntax.Span delay = spans.orNothing(fields.take("delay"), "delay");
    Syntax.Span maxDelay = spans.orNothing(fields.take("max_delay"), "max_delay");
    Syntax.Expr when = values.condition(fields.take("when"), "when");
    Retry.Jitter jitter = values.word(fields.take("jitter"), "jitter", Retry.Jitter.class);
    List<Syntax.Named> only = HandlersReader.types(fields.take("only"), "only", values);
    List<Syntax.Named> except = HandlersReader.types(fields.take("except"), "except", values);
    List<Syntax.Named> foreign = new ArrayList<>(HandlersReader.foreign(only));
    foreign.addAll(HandlersReader.foreign(except));
    Retry retry =
        new Retry(
            attempts(fields.take("attempts"), delays),
            backoff(backoffNode, delay),
            delays.stream().map(Syntax.Span::span).toList(),
            delay == null ? Retry.UNSAID.delay() : delay.span(),
            factor(fields.take("factor")),
            maxDelay == null ? null : maxDelay.span(),
            jitter == null ? Retry.UNSAID.jitter() : jitter,
            HandlersReader.names(only),
            HandlersReader.names(except),
            when == null ? null : when.expression(),
            true);
    Set<String> written = fields.written();
    fields.finish();
    List<Syntax.Span> lengths = new ArrayList<>(delays);
    Stream.of(delay, maxDelay).filter(Objects::nonNull).forEach(lengths::add);
    return new Syntax.Retrying(fields.spot(), retry, when, lengths, written, foreign);
  }

  private List<Syntax.Span> delays(Node.Sequence list) {
    if (list.items().isEmpty()) {
      values
          .problems()
          .error(
              Code.EMPTY, list.spot(), "backoff is an empty list", "write exponential or [1s, 5s]");
    }
    return list.items().stream()
        .map(item -> spans.orNothing(item, "backoff"))
        .filter(Objects::nonNull)
        .toList();
  }

  private Retry.Backoff backoff(Node node, Syntax.Span delay) {
    if (node instanceof Node.Sequence) {
      return Retry.Backoff.CONSTANT;
    }
    Retry.Backoff said = values.word(node, "backoff", Retry.Backoff.class);
    Retry.Backoff unsaid = delay == null ? Retry.Backoff.EXPONENTIAL : Retry.Backoff.CONSTANT;
    return said == null ? unsaid : said;
  }

  private int attempts(Node node, List<Syntax.Span> delays) {
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

  private void bad(Node node, String message, String hint) {
    values.problems().error(Code.BAD_VALUE, node.spot(), message, hint);
  }
}
