package io.orchestrator.adapter;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The {@code Retry-After} header (RFC 9110, section 10.2.3): seconds, or a date in one of the three
 * forms of HTTP.
 */
public final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          new DateTimeFormatterBuilder()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.US)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US)
              .withZone(ZoneOffset.UTC));

  private RetryAfter() {}

  /**
   * How long to wait, at most {@link Limits#RETRY_AFTER_MAX}; null if the text says nothing.
   *
   * @param date the response's {@code Date}, against which a date is read; without one it is {@code
   *     now}
   */
  public static Duration parse(String text, String date, Instant now) {
    String trimmed = text.strip();
    if (SECONDS.matcher(trimmed).matches()) {
      // Ten digits are over the limit already, and more might not fit a long.
      return capped(
          trimmed.length() > 9
              ? Limits.RETRY_AFTER_MAX
              : Duration.ofSeconds(Long.parseLong(trimmed)));
    }
    Instant until = instant(trimmed);
    if (until == null) {
      return null;
    }
    Instant from = instant(date.strip());
    return capped(Duration.between(from == null ? now : from, until));
  }

  private static Duration capped(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(Limits.RETRY_AFTER_MAX) > 0 ? Limits.RETRY_AFTER_MAX : wait;
  }

  private static Instant instant(String text) {
    return DATES.stream()
        .map(form -> instant(text, form))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Instant instant(String text, DateTimeFormatter form) {
    try {
      return form.parse(text, Instant::from);
    } catch (DateTimeException otherForm) {
      return null;
    }
  }
}
