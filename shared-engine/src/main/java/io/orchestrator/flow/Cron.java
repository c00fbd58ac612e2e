package io.orchestrator.flow;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * Times by the five fields of cron: minute, hour, day of the month, month, day of the week; each a
 * set of bits. A day fits if both of its fields do, or either of them when both are restricted (as
 * the cron of Paul Vixie has it).
 */
public record Cron(
    long minutes, long hours, long days, long months, long weekdays, boolean eitherDay) {
  /** The 29th of February of a certain weekday is up to 40 years away (over the year 2100). */
  private static final List<CronField> FIELDS = List.of(CronField.values());

  private static final int YEARS_MAX = 50;

  private static final LocalDateTime SOME_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  /** What a text is. */
  public sealed interface Reading {
    /** Times that come. */
    record Times(Cron cron) implements Reading {}

    /** None, and why. */
    record Unreadable(String why) implements Reading {}
  }

  /** Reads five fields. */
  public static Reading read(String text) {
    String[] fields = text.strip().split("\\s+", -1);
    if (fields.length != 5) {
      return new Reading.Unreadable("it has " + fields.length + " fields, and five are needed");
    }
    long[] bits = new long[5];
    for (int i = 0; i < 5; i++) {
      CronField field = FIELDS.get(i);
      switch (field.read(fields[i])) {
        case CronField.Bits found -> bits[i] = found.bits();
        case CronField.Wrong wrong -> {
          return new Reading.Unreadable(wrong.why());
        }
      }
    }
    boolean either = !isOpen(fields[2]) && !isOpen(fields[4]);
    Cron cron = new Cron(bits[0], bits[1], bits[2], bits[3], bits[4], either);
    return cron.notBefore(SOME_TIME) == null
        ? new Reading.Unreadable("that time never comes")
        : new Reading.Times(cron);
  }

  private static boolean isOpen(String field) {
    return field.startsWith("*") || field.startsWith("?");
  }

  /**
   * The first time after that moment. A local time that a clock change skips comes once, right
   * after the change; one that it repeats comes once, the first time.
   *
   * @return null if there is none for decades
   */
  public Instant after(Instant moment, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    LocalDateTime local = LocalDateTime.ofInstant(moment, zone).truncatedTo(ChronoUnit.MINUTES);
    for (LocalDateTime next = notBefore(local); next != null; next = after(next)) {
      Instant at = instant(next, rules);
      if (at.isAfter(moment)) { // else it is repeated, and has come already
        return at;
      }
    }
    return null;
  }

  private static Instant instant(LocalDateTime local, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.isEmpty()
        ? rules.getTransition(local).getInstant()
        : local.toInstant(offsets.getFirst());
  }

  private LocalDateTime after(LocalDateTime local) {
    return notBefore(local.plusMinutes(1));
  }

  private LocalDateTime notBefore(LocalDateTime least) {
    LocalDate day = least.toLocalDate();
    LocalDate last = day.plusYears(YEARS_MAX);
    LocalTime earliest = least.toLocalTime();
    while (day.isBefore(last)) {
      boolean month = has(months, day.getMonthValue());
      LocalTime time = month && isDay(day) ? notBefore(earliest) : null;
      if (time != null) {
        return day.atTime(time);
      }
      day = month ? day.plusDays(1) : day.withDayOfMonth(1).plusMonths(1);
      earliest = LocalTime.MIDNIGHT;
    }
    return null;
  }

  private boolean isDay(LocalDate date) {
    boolean day = has(days, date.getDayOfMonth());
    boolean weekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
    return eitherDay ? day || weekday : day && weekday;
  }

  private LocalTime notBefore(LocalTime least) {
    for (int hour = least.getHour(); hour < 24; hour++) {
      int from = hour == least.getHour() ? least.getMinute() : 0;
      long left = minutes & (-1L << from);
      if (has(hours, hour) && left != 0) {
        return LocalTime.of(hour, Long.numberOfTrailingZeros(left));
      }
    }
    return null;
  }

  private static boolean has(long bits, int value) {
    return (bits >>> value & 1) != 0;
  }
}
