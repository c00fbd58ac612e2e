package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.List;

/** Reads the keys that every step may have. */
final class OptionsReader {
  /** How often a call may be made. */
  enum Delivery {
    AT_LEAST_ONCE,
    AT_MOST_ONCE
  }

  private final Values values;
  private final SpanReader spans;
  private final RetryReader retries;
  private final HandlersReader handlers;
  private final StepsReader steps;

  OptionsReader(Values values, SpanReader spans, StepsReader steps) {
    this.values = values;
    this.spans = spans;
    this.retries = new RetryReader(values, spans);
    this.handlers = new HandlersReader(values, steps);
    this.steps = steps;
  }

  /** The options of a step at that level. */
  Syntax.Options read(Fields fields, int level) {
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
        values.text(fields.take("description"), "description"),
        spans.span(fields.take("deadline"), "deadline"),
        fallback(fields.take("fallback")),
        compensate(fields.take("compensate"), level),
        masks(fields.take("mask")));
  }

  private List<Syntax.Named> fallback(Node node) {
    if (node == null) {
      return null;
    }
    List<Node> items = node instanceof Node.Sequence list ? list.items() : List.of(node);
    if (items.isEmpty()) {
      values.problems().error(Code.EMPTY, node.spot(), "fallback names no adapter", "");
    }
    List<Syntax.Named> named = new ArrayList<>();
    for (Node item : items) {
      String name = values.name(item, "an adapter", Words::isName);
      if (name != null) {
        named.add(new Syntax.Named(item.spot(), name));
      }
    }
    return named;
  }

  private List<Syntax.Mask> masks(Node node) {
    return node == null ? null : values.masks(node);
  }

  private Syntax.Step compensate(Node node, int level) {
    return node == null ? null : steps.undo(node, level + 1);
  }
}
