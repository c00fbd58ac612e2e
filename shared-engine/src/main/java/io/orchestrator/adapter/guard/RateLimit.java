package io.orchestrator.adapter.guard;

import io.orchestrator.flow.Durations;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many calls an adapter may get within a time, whichever way that time is laid.
 *
 * @param text as it was written
 */
public record RateLimit(int calls, Duration window, String text) {
  /** Calls within the window. */
  public static final int CALLS_MAX = 10_000;

  private static final Duration WINDOW_MIN = Duration.ofMillis(100);
  private static final Duration WINDOW_MAX = Duration.ofDays(1);
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})\\s*/\\s*([0-9A-Za-z.]+)");

  /**
   * Reads {@code 100/10s}; {@code 5/s} is {@code 5/1s}.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  public static RateLimit parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("write calls/duration, such as 100/10s");
    }
    long calls = Long.parseLong(matcher.group(1));
    String written = matcher.group(2);
    Duration window = Durations.parse(written.matches("[a-z]+") ? "1" + written : written);
    if (calls < 1 || calls > CALLS_MAX) {
      throw new IllegalArgumentException("the calls must be from 1 to " + CALLS_MAX);
    }
    if (window == null || window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0) {
      throw new IllegalArgumentException("the duration must be from 100ms to 1d");
    }
    return new RateLimit((int) calls, window, text);
  }
}
