package io.orchestrator.flow;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as texts: {@code 1500ms}, {@code 15m}, {@code PT15M}. */
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

  /** ISO 8601 without signs, years, months and weeks: days are 24 hours. */
  private static final Pattern ISO = Pattern.compile(iso("[0-9]{1,9}"));

  private Durations() {}

  /** The ISO form as a regular expression, the numbers of its parts being as said. */
  static String iso(String number) {
    return iso(number, number, number, number);
  }

  static String iso(String days, String hours, String minutes, String seconds) {
    String hour = hours + "H";
    String minute = minutes + "M";
    String second = seconds + "(?:\\.[0-9]{1,9})?S";
    String fromMinutes = "%1$s(?:%2$s)?|%2$s".formatted(minute, second);
    String time = "T(?:%s(?:%s)?|%s)".formatted(hour, fromMinutes, fromMinutes);
    return "P(?:%1$sD(?:%2$s)?|%2$s)".formatted(days, time);
  }

  /** The duration that a text means; null if it is none. It is not negative. */
  public static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      return of(Long.parseLong(matcher.group(1)), matcher.group(2));
    }
    if (!ISO.matcher(text).matches()) {
      return null;
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static Duration of(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
