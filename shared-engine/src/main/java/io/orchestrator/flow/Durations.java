package io.orchestrator.flow;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/** Durations as flows write them: {@code 300ms}, {@code 15m}, {@code 2d}, or ISO-8601 ({@code PT15M}). */
public final class Durations {
  private static final int DIGITS_MAX = 12;
  private static final Map<String, Long> UNIT_MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private Durations() {}

  /** The duration, or null if the text is none. */
  public static Duration parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    Long unit = UNIT_MILLIS.get(text.substring(digits));
    if (digits > 0 && digits <= DIGITS_MAX && unit != null) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, digits)) * unit);
    }
    try {
      Duration iso = text.startsWith("P") ? Duration.parse(text) : null;
      return iso == null || iso.isNegative() ? null : iso;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
