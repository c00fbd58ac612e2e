package io.orchestrator.adapter.llm;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What a turn took and gave, in tokens.
 *
 * @param input without those that came from a cache
 * @param cached read from the provider's cache
 */
record Tokens(long input, long cached, long output) {
  /** More than any model takes; a count beyond it is a mistake. */
  private static final long MAX = 1_000_000_000L;

  Tokens {
    input = Math.clamp(input, 0, MAX);
    cached = Math.clamp(cached, 0, MAX);
    output = Math.clamp(output, 0, MAX);
  }

  /** The count of that name in a provider's answer; 0 without. */
  static long count(Map<?, ?> usage, String name) {
    return switch (usage.get(name)) {
      case Long number -> number;
      case BigDecimal number -> number.min(BigDecimal.valueOf(MAX)).longValue();
      case null, default -> 0;
    };
  }
}
