package io.orchestrator.flow;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the keys of a flow that are about its executions as a whole. */
final class TermsReader {
  /** What happens when a budget is used up. */
  enum OnExceed {
    FAIL,
    PAUSE
  }

  /** What may follow the steps of {@code on_cancel}. */
  enum AfterCancel {
    CANCEL,
    COMPENSATE
  }

  private final Values values;
  private final StepsReader steps;

  TermsReader(Values values, StepsReader steps) {
    this.values = values;
    this.steps = steps;
  }

  WrittenTerms read(Fields fields) {
    Node cancel = fields.take("on_cancel");
    List<Syntax.Step> onCancel = cancelSteps(cancel);
    boolean compensates = compensates(cancel);
    Node last = fields.take("finally");
    List<Syntax.Step> atEnd = last == null ? List.of() : steps.block(last, "finally", 1);
    return new WrittenTerms(
        onCancel,
        compensates,
        atEnd,
        budget(fields.take("budget")),
        concurrency(fields.take("concurrency")),
        idempotency(fields.take("idempotency")),
        search(fields.take("search")),
        values.masks(fields.take("mask")));
  }

  private List<Syntax.Step> cancelSteps(Node node) {
    return switch (node) {
      case null -> List.of();
      case Node.Mapping map -> {
        Node block = map.get("steps");
        yield block == null ? List.of() : steps.block(block, "on_cancel", 1);
      }
      case Node.Sequence list -> steps.block(list, "on_cancel", 1);
      case Node.Scalar scalar -> steps.block(scalar, "on_cancel", 1);
    };
  }

  private boolean compensates(Node node) {
    if (!(node instanceof Node.Mapping map)) {
      return false;
    }
    Fields fields = new Fields(map, "on_cancel", values.problems());
    fields.take("steps");
    AfterCancel then = values.word(fields.take("then"), "then", AfterCancel.class);
    fields.finish();
    if (!fields.has("steps") && !fields.has("then")) {
      fields.need("steps", "on_cancel: {steps: [...], then: compensate}");
    }
    return then == AfterCancel.COMPENSATE;
  }

  private Budget budget(Node node) {
    Fields fields = node == null ? null : values.fields(node, "budget");
    if (fields == null) {
      return Budget.DEFAULT;
    }
    Long count = values.count(fields.take("steps"), "budget.steps", Long.MAX_VALUE);
    Long transitions =
        values.count(fields.take("transitions"), "budget.transitions", FlowLimits.TRANSITIONS_MAX);
    Long tokens = values.count(fields.take("tokens"), "budget.tokens", Long.MAX_VALUE);
    BigDecimal cost = cost(fields.take("cost"));
    OnExceed onExceed = values.word(fields.take("on_exceed"), "on_exceed", OnExceed.class);
    fields.finish();
    return new Budget(
        count,
        transitions == null ? FlowLimits.TRANSITIONS_DEFAULT : transitions,
        tokens,
        cost,
        onExceed == OnExceed.PAUSE);
  }

  private BigDecimal cost(Node node) {
    if (node == null) {
      return null;
    }
    BigDecimal cost =
        node instanceof Node.Scalar scalar
            ? switch (scalar.value()) {
              case Long whole -> BigDecimal.valueOf(whole);
              case BigDecimal number -> number;
              case null, default -> null;
            }
            : null;
    if (cost == null) {
      values.wrongType(node, "budget.cost", "a number");
    } else if (cost.signum() <= 0) {
      values.badNumber(node, "budget.cost", "more than 0");
    }
    return cost;
  }

  private WrittenTerms.Keyed<Concurrency> concurrency(Node node) {
    Fields fields = node == null ? null : values.fields(node, "concurrency");
    if (fields == null) {
      return null;
    }
    Node limitNode = fields.need("limit", "concurrency: {limit: 1}");
    Long limit = values.count(limitNode, "concurrency.limit", FlowLimits.CONCURRENT_EXECUTIONS_MAX);
    Syntax.Expr key = values.expression(fields.take("key"), "key");
    Concurrency.OnLimit onLimit =
        values.word(fields.take("on_limit"), "on_limit", Concurrency.OnLimit.class);
    fields.finish();
    if (limit == null) {
      return null;
    }
    return new WrittenTerms.Keyed<>(
        key,
        new Concurrency(
            limit.intValue(), null, onLimit == null ? Concurrency.OnLimit.QUEUE : onLimit));
  }

  private WrittenTerms.Keyed<Syntax.Span> idempotency(Node node) {
    Fields fields = node == null ? null : values.fields(node, "idempotency");
    if (fields == null) {
      return null;
    }
    Node keyNode = fields.need("key", "idempotency: {key: $input.order_id}");
    Syntax.Expr key = values.expression(keyNode, "key");
    Syntax.Span ttl = steps.spans().span(fields.take("ttl"), "ttl");
    fields.finish();
    return new WrittenTerms.Keyed<>(key, ttl);
  }

  private Map<String, Syntax.Expr> search(Node node) {
    Map<String, Syntax.Expr> search = new LinkedHashMap<>();
    if (node == null) {
      return search;
    }
    if (!(node instanceof Node.Mapping map)) {
      values.wrongType(node, "search", "a map");
      return search;
    }
    for (Map.Entry<String, Node.Entry> entry : map.entries().entrySet()) {
      String name = entry.getKey();
      if (!Words.isId(name)) {
        values
            .problems()
            .error(
                Code.BAD_NAME,
                entry.getValue().spot(),
                "'" + name + "' is not a name of a search attribute",
                "letters, digits and _, a letter first, at most 63");
      }
      Syntax.Expr value = values.expression(entry.getValue().value(), "search." + name);
      if (value != null) {
        search.put(name, value);
      }
    }
    if (map.entries().size() > FlowLimits.SEARCH_MAX) {
      values
          .problems()
          .error(
              Code.BAD_VALUE,
              map.spot(),
              "search has more than " + FlowLimits.SEARCH_MAX + " attributes",
              "");
    }
    return search;
  }
}
