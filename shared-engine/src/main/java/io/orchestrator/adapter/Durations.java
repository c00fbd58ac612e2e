package io.orchestrator.adapter;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as definitions write them: {@code 300ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 3d} or ISO-8601. */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,10})(ms|s|m|h|d)");

  private Durations() {}

  /** The duration; null if the value is none, or negative. */
  public static Duration parse(Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    Matcher matcher = SHORT.matcher(text);
    if (!matcher.matches()) {
      return iso(text);
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Duration iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      return duration.isNegative() ? null : duration;
    } catch (DateTimeException notOne) {
      return null;
    }
  }
}
