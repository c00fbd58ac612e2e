package io.orchestrator.expression;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The functions of dates: ISO 8601 texts, in UTC unless they say otherwise. */
final class DateFunctions {
  private DateFunctions() {}

  /** The instant of a date, a date and time, or of milliseconds since 1970, as text in UTC. */
  static String date(Arguments a) {
    return instant(a, 0).toString();
  }

  /**
   * {@code date_add(date, '15m')}, {@code date_add(date, 'P1M')}, {@code date_add(date, 15,
   * 'minutes')}.
   */
  static String add(Arguments a) {
    OffsetDateTime start = instant(a, 0).atOffset(ZoneOffset.UTC);
    try {
      OffsetDateTime end = a.has(2) ? start.plus(a.integer(1), unit(a, 2)) : plus(start, a);
      return end.toInstant().toString();
    } catch (DateTimeException | ArithmeticException e) {
      throw a.fault("the date would be out of range");
    }
  }

  /**
   * Whole units from the first date to the second, seconds unless said; negative if the second is
   * earlier.
   */
  static Long difference(Arguments a) {
    OffsetDateTime from = instant(a, 0).atOffset(ZoneOffset.UTC);
    OffsetDateTime to = instant(a, 1).atOffset(ZoneOffset.UTC);
    try {
      return (a.has(2) ? unit(a, 2) : ChronoUnit.SECONDS).between(from, to);
    } catch (DateTimeException | ArithmeticException e) {
      throw a.fault("the difference is out of range");
    }
  }

  /**
   * {@code format_date(date, 'dd.MM.yyyy HH:mm', 'Europe/Berlin')}: letters as in
   * DateTimeFormatter, in English.
   */
  static String format(Arguments a) {
    Instant instant = instant(a, 0);
    String pattern = a.text(1);
    if (pattern.length() > Limits.PATTERN_CHARACTERS_MAX) {
      throw a.fault(1, "has more than " + Limits.PATTERN_CHARACTERS_MAX + " characters");
    }
    ZoneId zone = a.has(2) ? zone(a) : ZoneOffset.UTC;
    try {
      return a.made(
          DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(instant.atZone(zone)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw a.fault(1, "is not a pattern for dates, like 'yyyy-MM-dd HH:mm'");
    }
  }

  private static ZoneId zone(Arguments a) {
    try {
      return ZoneId.of(a.text(2));
    } catch (DateTimeException e) {
      throw a.fault(2, "is not a time zone, like 'Europe/Berlin'");
    }
  }

  private static Instant instant(Arguments a, int i) {
    if (Numbers.isNumber(a.value(i))) {
      return ofMilliseconds(a, i);
    }
    if (!(a.value(i) instanceof String)) {
      throw a.needs(i, "a date");
    }
    String text = a.text(i).strip();
    try {
      return parse(text);
    } catch (DateTimeException e) {
      throw a.fault(i, "is not a date, like '2026-01-31' or '2026-01-31T12:00:00Z'");
    }
  }

  private static Instant ofMilliseconds(Arguments a, int i) {
    Object whole = a.value(i) instanceof Long number ? number : Numbers.whole(a.decimal(i));
    if (whole instanceof Long milliseconds) {
      return Instant.ofEpochMilli(milliseconds);
    }
    throw a.fault(i, "is not a number of milliseconds");
  }

  private static Instant parse(String text) {
    int time = text.indexOf('T');
    if (time < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    boolean zoned =
        text.endsWith("Z") || text.indexOf('+', time) >= 0 || text.indexOf('-', time) >= 0;
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  private static OffsetDateTime plus(OffsetDateTime start, Arguments a) {
    String text = a.text(1).strip();
    boolean negative = text.startsWith("-");
    String size = negative ? text.substring(1) : text;
    try {
      if (size.startsWith("P")) {
        return plusIso(start, size, negative ? -1 : 1);
      }
      int letters = 0;
      while (letters < size.length() && Character.isDigit(size.charAt(letters))) {
        letters++;
      }
      ChronoUnit unit = shortUnit(size.substring(letters));
      if (unit != null && letters > 0) {
        return start.plus(Long.parseLong(size.substring(0, letters)) * (negative ? -1 : 1), unit);
      }
    } catch (DateTimeParseException | NumberFormatException e) {
      throw a.fault(1, "is not a duration, like '15m', '3d' or 'P1M'");
    }
    throw a.fault(1, "is not a duration, like '15m', '3d' or 'P1M'");
  }

  /** An ISO 8601 duration: a calendar part before the T, a clock part behind it. */
  private static OffsetDateTime plusIso(OffsetDateTime start, String text, int sign) {
    int time = text.indexOf('T');
    Period days = time == 1 ? Period.ZERO : Period.parse(time < 0 ? text : text.substring(0, time));
    Duration clock = time < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(time));
    return sign < 0 ? start.minus(days).minus(clock) : start.plus(days).plus(clock);
  }

  private static ChronoUnit shortUnit(String letters) {
    return switch (letters) {
      case "ms" -> ChronoUnit.MILLIS;
      case "s" -> ChronoUnit.SECONDS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      case "d" -> ChronoUnit.DAYS;
      case "w" -> ChronoUnit.WEEKS;
      default -> null;
    };
  }

  private static ChronoUnit unit(Arguments a, int i) {
    String name = a.text(i);
    ChronoUnit unit = shortUnit(name);
    if (unit != null) {
      return unit;
    }
    return switch (name) {
      case "millisecond", "milliseconds" -> ChronoUnit.MILLIS;
      case "second", "seconds" -> ChronoUnit.SECONDS;
      case "minute", "minutes" -> ChronoUnit.MINUTES;
      case "hour", "hours" -> ChronoUnit.HOURS;
      case "day", "days" -> ChronoUnit.DAYS;
      case "week", "weeks" -> ChronoUnit.WEEKS;
      case "month", "months" -> ChronoUnit.MONTHS;
      case "year", "years" -> ChronoUnit.YEARS;
      default ->
          throw a.fault(
              i,
              "must be one of milliseconds, seconds, minutes, hours, days, weeks, months, years");
    };
  }
}
