package io.orchestrator.rehearsal;

import java.time.Duration;

/** Writes lengths of time as flows do. */
public final class Lengths {
  private Lengths() {}

  /** Like {@code 3d 60s}; nothing is {@code 0s}. */
  public static String text(Duration duration) {
    StringBuilder text = new StringBuilder();
    part(text, duration.toDays(), "d");
    part(text, duration.toHoursPart(), "h");
    part(text, duration.toMinutesPart(), "m");
    part(text, duration.toSecondsPart(), "s");
    part(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void part(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(text.isEmpty() ? "" : " ").append(number).append(unit);
    }
  }
}
