package io.orchestrator.execution;

import io.orchestrator.flow.Budget;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** What somebody gave an execution instead of its flow's budget; null keeps what it has. */
public record Raise(Long steps, Long transitions, Long tokens, BigDecimal cost) {
  /** Nothing. */
  public static final Raise NONE = new Raise(null, null, null, null);

  Raise then(Raise later) {
    return new Raise(
        later.steps == null ? steps : later.steps,
        later.transitions == null ? transitions : later.transitions,
        later.tokens == null ? tokens : later.tokens,
        later.cost == null ? cost : later.cost);
  }

  /** That budget, raised. */
  public Budget of(Budget budget) {
    return budget.raisedTo(steps, transitions, tokens, cost);
  }

  Map<String, Object> toData() {
    Map<String, Object> data = new LinkedHashMap<>();
    put(data, "steps", steps);
    put(data, "transitions", transitions);
    put(data, "tokens", tokens);
    put(data, "cost", cost);
    return data;
  }

  private static void put(Map<String, Object> data, String key, Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  static Raise of(Map<String, Object> data) {
    return new Raise(
        (Long) data.get("steps"),
        (Long) data.get("transitions"),
        (Long) data.get("tokens"),
        switch (data.get("cost")) {
          case Long whole -> BigDecimal.valueOf(whole);
          case BigDecimal number -> number;
          case null, default -> null;
        });
  }
}
