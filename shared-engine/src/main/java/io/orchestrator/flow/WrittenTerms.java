package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link Terms} as they were written.
 *
 * @param concurrency null without
 * @param idempotency null without; the rest is null for a key that says not how long it counts
 */
record WrittenTerms(
    List<Syntax.Step> onCancel,
    boolean cancelCompensates,
    List<Syntax.Step> atEnd,
    Budget budget,
    Keyed<Concurrency> concurrency,
    Keyed<Syntax.Span> idempotency,
    Map<String, Syntax.Expr> search,
    List<Syntax.Mask> mask) {

  /** Something with a key; {@code key} is null for none. */
  record Keyed<T>(Syntax.Expr key, T rest) {}

  /** Every expression, in the order of the keys. */
  List<Syntax.Expr> expressions() {
    List<Syntax.Expr> all = new ArrayList<>(starting());
    all.addAll(search.values());
    return all;
  }

  /** The expressions that are evaluated when an execution is to start. */
  List<Syntax.Expr> starting() {
    List<Syntax.Expr> some = new ArrayList<>();
    if (concurrency != null && concurrency.key() != null) {
      some.add(concurrency.key());
    }
    if (idempotency != null && idempotency.key() != null) {
      some.add(idempotency.key());
    }
    if (idempotency != null && idempotency.rest() != null) {
      Optional.ofNullable(idempotency.rest().computed()).ifPresent(some::add);
    }
    return some;
  }

  /** As a plan has them. */
  Terms terms(List<Step> cancelSteps, List<Step> lastSteps) {
    Map<String, io.orchestrator.expression.Expression> attributes = new LinkedHashMap<>();
    search.forEach((name, expr) -> attributes.put(name, expr.expression()));
    Concurrency limit =
        concurrency == null || concurrency.rest() == null
            ? null
            : new Concurrency(
                concurrency.rest().limit(),
                concurrency.key() == null ? null : concurrency.key().expression(),
                concurrency.rest().onLimit());
    IdempotentStart once =
        idempotency == null || idempotency.key() == null
            ? null
            : new IdempotentStart(
                idempotency.key().expression(),
                idempotency.rest() == null
                    ? new TimeSpan.Fixed(FlowLimits.KEY_TTL_DEFAULT)
                    : idempotency.rest().span());
    return new Terms(
        cancelSteps,
        cancelCompensates,
        lastSteps,
        budget,
        limit,
        once,
        attributes,
        mask.stream().map(Syntax.Mask::path).toList());
  }
}
