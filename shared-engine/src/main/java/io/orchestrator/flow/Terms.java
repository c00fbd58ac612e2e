package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a flow says of its executions as a whole, beside their steps.
 *
 * @param onCancel steps that run when it is cancelled
 * @param cancelCompensates whether a cancelled execution undoes what it did
 * @param atEnd the steps of {@code finally}, which run however it ends
 * @param concurrency null: any number at the same time
 * @param idempotency null: only a key that comes with the start counts
 * @param search attributes by which executions are found
 * @param mask places that nobody may see in clear, each begins with a root or a step's id
 */
public record Terms(
    List<Step> onCancel,
    boolean cancelCompensates,
    List<Step> atEnd,
    Budget budget,
    Concurrency concurrency,
    IdempotentStart idempotency,
    Map<String, Expression> search,
    List<MaskPath> mask) {
  /** None given. */
  public static final Terms NONE =
      new Terms(List.of(), false, List.of(), Budget.DEFAULT, null, null, Map.of(), List.of());

  public Terms {
    onCancel = List.copyOf(onCancel);
    atEnd = List.copyOf(atEnd);
    Objects.requireNonNull(budget);
    search = new LinkedHashMap<>(search);
    mask = List.copyOf(mask);
  }

  /** Whether steps are to run when it is cancelled, or what it did is to be undone. */
  public boolean answersCancel() {
    return !onCancel.isEmpty() || cancelCompensates;
  }
}
