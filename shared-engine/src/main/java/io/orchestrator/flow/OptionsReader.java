package io.orchestrator.flow;

/** Reads the keys that every step may have. */
final class OptionsReader {
  /** How often a call may be made. */
  private enum Delivery {
    AT_LEAST_ONCE,
    AT_MOST_ONCE
  }

  private final Values values;
  private final SpanReader spans;
  private final RetryReader retries;
  private final HandlersReader handlers;

  OptionsReader(Values values, SpanReader spans, StepsReader steps) {
    this.values = values;
    this.spans = spans;
    this.retries = new RetryReader(values, spans);
    this.handlers = new HandlersReader(values, steps);
  }

  /** The options of a step at that level. */
  Syntax.Options read(Fields fields, int level) {
    fields.unsupported("deadline", "fallback", "compensate", "mask");
    Delivery delivery = values.word(fields.take("delivery"), "delivery", Delivery.class);
    return new Syntax.Options(
        values.condition(fields.take("when"), "when"),
        spans.span(fields.take("timeout"), "timeout"),
        retries.read(fields.take("retry")),
        handlers.read(fields.take("on_error"), level),
        values.data(fields.take("output")),
        values.data(fields.take("idempotency_key")),
        delivery == null ? null : delivery == Delivery.AT_MOST_ONCE,
        values.bool(fields.take("disabled"), "disabled"),
        values.text(fields.take("description"), "description"));
  }
}
