package io.orchestrator.execution;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What calls have cost, as their adapters report it in the field {@code usage} of an answer. */
public record Usage(long tokens, BigDecimal cost) {
  /** Nothing. */
  public static final Usage NONE = new Usage(0, BigDecimal.ZERO);

  /** More than any budget: a sum that would not fit into a number stays here. */
  private static final long TOKENS_MAX = Long.MAX_VALUE / 2;

  private static final List<String> PARTS =
      List.of("input_tokens", "output_tokens", "prompt_tokens", "completion_tokens");

  /** What an answer reports; {@link #NONE} if it reports nothing that makes sense. */
  static Usage of(Object answer) {
    if (!(answer instanceof Map<?, ?> map) || !(map.get("usage") instanceof Map<?, ?> usage)) {
      return NONE;
    }
    long tokens = count(usage.get("tokens"));
    if (tokens == 0) {
      tokens = count(usage.get("total_tokens"));
    }
    for (int i = 0; tokens == 0 && i < PARTS.size(); i += 2) {
      tokens = count(usage.get(PARTS.get(i))) + count(usage.get(PARTS.get(i + 1)));
    }
    BigDecimal cost =
        switch (usage.get("cost")) {
          case Long whole -> BigDecimal.valueOf(whole);
          case BigDecimal number -> number;
          case null, default -> BigDecimal.ZERO;
        };
    return tokens == 0 && cost.signum() <= 0 ? NONE : new Usage(tokens, cost.max(BigDecimal.ZERO));
  }

  private static long count(Object value) {
    long count =
        switch (value) {
          case Long number -> number;
          case BigDecimal number -> number.min(BigDecimal.valueOf(TOKENS_MAX)).longValue();
          case null, default -> 0;
        };
    return Math.clamp(count, 0, TOKENS_MAX / 2);
  }

  Usage plus(Usage more) {
    return more.isNothing()
        ? this
        : new Usage(Math.min(TOKENS_MAX, tokens + more.tokens), cost.add(more.cost));
  }

  /** Whether nothing was reported. */
  public boolean isNothing() {
    return tokens == 0 && cost.signum() == 0;
  }
}
