package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The times of schedules. */
class CronTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2028-01-01T00:00:00Z");

  /** Forty zones: clock changes of an hour, of half an hour, at midnight, twice a year, none. */
  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "Europe/London",
          "Europe/Lisbon",
          "Europe/Athens",
          "Europe/Chisinau",
          "Europe/Istanbul",
          "Atlantic/Azores",
          "America/New_York",
          "America/Chicago",
          "America/Denver",
          "America/Phoenix",
          "America/Los_Angeles",
          "America/Anchorage",
          "America/Adak",
          "America/Halifax",
          "America/St_Johns",
          "America/Havana",
          "America/Nuuk",
          "America/Santiago",
          "America/Asuncion",
          "America/Sao_Paulo",
          "America/Miquelon",
          "Africa/Cairo",
          "Africa/Casablanca",
          "Africa/El_Aaiun",
          "Asia/Jerusalem",
          "Asia/Beirut",
          "Asia/Gaza",
          "Asia/Kolkata",
          "Asia/Kathmandu",
          "Asia/Tokyo",
          "Australia/Lord_Howe",
          "Australia/Sydney",
          "Australia/Adelaide",
          "Antarctica/Troll",
          "Pacific/Auckland",
          "Pacific/Chatham",
          "Pacific/Norfolk",
          "Pacific/Easter",
          "UTC");

  private static final List<String> TIMES =
      List.of(
          "0 0 * * *", "30 2 * * *", "*/15 1-3 * * *", "45 23 * * SUN", "0 3 29-31,1 3,10,11 *");

  private static Cron cron(String text) {
    if (Cron.read(text) instanceof Cron.Reading.Times times) {
      return times.cron();
    }
    throw new AssertionError(Cron.read(text));
  }

  private static List<Instant> times(String text, ZoneId zone, Instant from, Instant to) {
    List<Instant> times = new ArrayList<>();
    Cron cron = cron(text);
    for (Instant at = cron.after(from, zone); at != null && at.isBefore(to); ) {
      times.add(at);
      at = cron.after(at, zone);
    }
    return times;
  }

  /**
   * A clock on the wall of that zone is watched: whenever it reaches or passes a time for the first
   * time, that time comes.
   */
  private static Map<String, List<Instant>> watched(ZoneId zone) {
    Map<String, List<Instant>> seen = new LinkedHashMap<>();
    TIMES.forEach(text -> seen.put(text, new ArrayList<>()));
    LocalDateTime reached = LocalDateTime.ofInstant(FROM, zone);
    for (Instant now = FROM.plus(5, ChronoUnit.MINUTES);
        now.isBefore(TO);
        now = now.plus(5, ChronoUnit.MINUTES)) {
      LocalDateTime wall = LocalDateTime.ofInstant(now, zone);
      TreeSet<String> come = new TreeSet<>();
      while (reached.isBefore(wall)) {
        reached = reached.plusMinutes(5);
        for (String text : TIMES) {
          if (isTime(text, reached)) {
            come.add(text);
          }
        }
      }
      for (String text : come) {
        seen.get(text).add(now);
      }
    }
    return seen;
  }

  /** What the texts above mean, in other words. */
  private static boolean isTime(String text, LocalDateTime t) {
    int month = t.getMonthValue();
    int day = t.getDayOfMonth();
    return switch (text) {
      case "0 0 * * *" -> t.getHour() == 0 && t.getMinute() == 0;
      case "30 2 * * *" -> t.getHour() == 2 && t.getMinute() == 30;
      case "*/15 1-3 * * *" -> t.getHour() >= 1 && t.getHour() <= 3 && t.getMinute() % 15 == 0;
      case "45 23 * * SUN" ->
          t.getHour() == 23 && t.getMinute() == 45 && t.getDayOfWeek().getValue() == 7;
      case "0 3 29-31,1 3,10,11 *" ->
          t.getHour() == 3
              && t.getMinute() == 0
              && (day >= 29 || day == 1)
              && (month == 3 || month == 10 || month == 11);
      default -> throw new IllegalArgumentException(text);
    };
  }

  @Test
  void nothing_is_missed_and_nothing_comes_twice_over_clock_changes() {
    assertThat(ZONES).hasSize(40).doesNotHaveDuplicates();
    for (String name : ZONES) {
      ZoneId zone = ZoneId.of(name);
      watched(zone)
          .forEach(
              (text, expected) ->
                  assertThat(times(text, zone, FROM, TO))
                      .as("%s in %s", text, name)
                      .isEqualTo(expected));
    }
  }

  @Test
  void a_skipped_time_comes_right_after_the_change_and_a_repeated_one_the_first_time() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Cron early = cron("30 2 * * *");
    assertThat(early.after(Instant.parse("2026-03-28T12:00:00Z"), berlin))
        .isEqualTo("2026-03-29T01:00:00Z");
    assertThat(early.after(Instant.parse("2026-03-29T01:00:00Z"), berlin))
        .isEqualTo("2026-03-30T00:30:00Z");
    assertThat(early.after(Instant.parse("2026-10-24T12:00:00Z"), berlin))
        .isEqualTo("2026-10-25T00:30:00Z");
    assertThat(early.after(Instant.parse("2026-10-25T00:30:00Z"), berlin))
        .isEqualTo("2026-10-26T01:30:00Z");
  }

  @Test
  void a_skipped_day_comes_as_well() {
    ZoneId samoa = ZoneId.of("Pacific/Apia"); // has had no 30th of December in 2011
    assertThat(cron("0 9 30 12 *").after(Instant.parse("2011-12-01T00:00:00Z"), samoa))
        .isEqualTo("2011-12-30T10:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * * | 2026-11-23T10:20:30Z | 2026-11-23T10:21:00Z",
        "*/20 * * * * | 2026-11-23T10:20:00Z | 2026-11-23T10:40:00Z",
        "5-10/2 * * * * | 2026-11-23T10:06:00Z | 2026-11-23T10:07:00Z",
        "30/10 * * * * | 2026-11-23T10:20:00Z | 2026-11-23T10:30:00Z",
        "0 22-2 * * * | 2026-11-23T23:30:00Z | 2026-11-24T00:00:00Z",
        "0 9 * * mon-fri | 2026-11-20T09:00:00Z | 2026-11-23T09:00:00Z",
        "0 9 * * FRI-MON | 2026-11-23T09:00:00Z | 2026-11-27T09:00:00Z",
        "0 9 * * 7 | 2026-11-23T09:00:00Z | 2026-11-29T09:00:00Z",
        "0 9 * * 5-7 | 2026-11-28T09:00:00Z | 2026-11-29T09:00:00Z",
        "0 9 * * SAT-SUN | 2026-11-29T09:00:00Z | 2026-12-05T09:00:00Z",
        "0 0 1 JAN,jul * | 2026-11-23T09:00:00Z | 2027-01-01T00:00:00Z",
        "0 0 13 * FRI | 2026-11-23T09:00:00Z | 2026-11-27T00:00:00Z",
        "0 0 13 * FRI | 2026-12-11T09:00:00Z | 2026-12-13T00:00:00Z",
        "0 0 */2 * FRI | 2026-11-23T09:00:00Z | 2026-11-27T00:00:00Z",
        "0 0 ? * FRI | 2026-11-23T09:00:00Z | 2026-11-27T00:00:00Z",
        "0 0 31 * * | 2026-11-23T09:00:00Z | 2026-12-31T00:00:00Z",
        "0 0 29 2 * | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z",
      })
  void the_next_time(String text, Instant after, Instant next) {
    assertThat(cron(text).after(after, ZoneOffset.UTC)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "*/61 * * * *",
        "*/x * * * *",
        "1/2/3 * * * *",
        "-1 * * * *",
        "1-2-3 * * * *",
        "1, * * * *",
        "? * * * *",
        "* * L * *",
        "* * 15W * *",
        "* * * * MON#1",
        "* * * MON *",
        "* * * *",
        "0 * * * * *",
        "@daily",
        "",
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "٣ * * * *",
      })
  void what_is_no_time_is_told(String text) {
    assertThat(Cron.read(text)).isInstanceOf(Cron.Reading.Unreadable.class);
  }
}
