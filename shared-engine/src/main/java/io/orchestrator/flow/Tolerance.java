package io.orchestrator.flow;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How many may fail before the whole does: so many, or so many of a hundred.
 *
 * @param percent null if {@code count} says it
 */
public record Tolerance(int count, BigDecimal percent) {
  /** None may. */
  public static final Tolerance NONE = new Tolerance(0, null);

  /** How many of that many may fail. */
  public int of(int all) {
    return percent == null
        ? count
        : percent
            .multiply(BigDecimal.valueOf(all))
            .divide(BigDecimal.valueOf(100), 0, RoundingMode.DOWN)
            .intValue();
  }
}
