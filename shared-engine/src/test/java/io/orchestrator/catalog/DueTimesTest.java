package io.orchestrator.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Spot;
import io.orchestrator.flow.Trigger;
import io.orchestrator.flow.Trigger.Catchup;
import io.orchestrator.flow.Trigger.Overlap;
import io.orchestrator.store.ScheduleRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is decided about the times of a schedule. */
class DueTimesTest {
  private static final Instant NINE = Instant.parse("2026-11-23T09:00:00Z");
  private static final UUID RUNS = UUID.fromString("01890000-0000-7000-8000-000000000001");

  private static DueTimes hourly(Overlap overlap, Catchup catchup) {
    return DueTimes.of(
        new Trigger.Schedule(Spot.START, "0 * * * *", "UTC", overlap, catchup, null));
  }

  private static ScheduleRows.Row row(
      Instant next, Instant now, List<Instant> pending, List<UUID> living) {
    return new ScheduleRows.Row(
        RUNS, "acme", "f", "1.0.0", "0 * * * * UTC", 1, next, pending, living, null, null, now);
  }

  private static ScheduleRows.Row at(Instant next, Instant now) {
    return row(next, now, List.of(), List.of());
  }

  private static List<Instant> hours(Instant first, int count) {
    List<Instant> hours = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hours.add(first.plus(Duration.ofHours(i)));
    }
    return hours;
  }

  @Test
  void nothing_is_due_before_its_time() {
    ScheduleRows.Row row = at(NINE, NINE.minusMillis(1));
    for (Catchup catchup : Catchup.values()) {
      DueTimes.Decided decided = hourly(Overlap.ALLOW, catchup).decide(row);
      assertThat(decided.row()).isEqualTo(row);
      assertThat(decided.missed()).isZero();
    }
  }

  @Test
  void what_is_on_time_starts_one_and_the_next_time_follows() {
    for (Catchup catchup : Catchup.values()) {
      for (Duration late : List.of(Duration.ZERO, Duration.ofSeconds(59))) {
        DueTimes.Decided decided = hourly(Overlap.ALLOW, catchup).decide(at(NINE, NINE.plus(late)));
        assertThat(decided.row().pending()).containsExactly(NINE);
        assertThat(decided.row().nextAt()).isEqualTo("2026-11-23T10:00:00Z");
        assertThat(decided.missed()).isZero();
      }
    }
  }

  @Test
  void after_an_outage_none_starts_nothing_but_what_is_on_time() {
    DueTimes times = hourly(Overlap.ALLOW, Catchup.NONE);
    DueTimes.Decided late = times.decide(at(NINE, NINE.plus(Duration.ofMinutes(150))));
    assertThat(late.row().pending()).isEmpty();
    assertThat(late.row().nextAt()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(late.missed()).isEqualTo(3);
    DueTimes.Decided punctual = times.decide(at(NINE, NINE.plus(Duration.ofHours(3))));
    assertThat(punctual.row().pending()).containsExactly(NINE.plus(Duration.ofHours(3)));
    assertThat(punctual.missed()).isEqualTo(3);
  }

  @Test
  void after_an_outage_latest_starts_the_last_one() {
    DueTimes times = hourly(Overlap.ALLOW, Catchup.LATEST);
    for (int hours : List.of(1, 7, 300, 9_000)) {
      DueTimes.Decided decided =
          times.decide(at(NINE, NINE.plus(Duration.ofMinutes(60L * hours + 30))));
      assertThat(decided.row().pending()).containsExactly(NINE.plus(Duration.ofHours(hours)));
      assertThat(decided.missed()).isEqualTo(hours);
    }
  }

  @Test
  void after_an_outage_all_starts_each_a_hundred_at_a_time() {
    DueTimes times = hourly(Overlap.ALLOW, Catchup.ALL);
    Instant now = NINE.plus(Duration.ofHours(149));
    DueTimes.Decided decided = times.decide(at(NINE, now));
    assertThat(decided.row().pending()).isEqualTo(hours(NINE, 100));
    assertThat(decided.row().nextAt()).isEqualTo(NINE.plus(Duration.ofHours(100)));
    DueTimes.Decided rest = times.decide(at(decided.row().nextAt(), now));
    assertThat(rest.row().pending()).isEqualTo(hours(NINE.plus(Duration.ofHours(100)), 50));
    assertThat(rest.row().nextAt()).isEqualTo(now.plus(Duration.ofHours(1)));
    assertThat(rest.missed()).isZero();
  }

  @Test
  void skip_starts_nothing_while_one_runs_or_is_about_to() {
    DueTimes times = hourly(Overlap.SKIP, Catchup.ALL);
    Instant now = NINE.plus(Duration.ofHours(2));
    assertThat(times.decide(row(NINE, now, List.of(), List.of(RUNS))))
        .returns(3, DueTimes.Decided::missed)
        .extracting(decided -> decided.row().pending().size())
        .isEqualTo(0);
    assertThat(times.decide(at(NINE, now)).row().pending()).containsExactly(NINE);
    assertThat(
            times
                .decide(row(NINE, now, List.of(NINE.minusSeconds(3_600)), List.of()))
                .row()
                .pending())
        .containsExactly(NINE.minusSeconds(3_600));
  }

  @Test
  void queue_keeps_them_in_order_and_decides_later_when_there_is_no_room() {
    DueTimes times = hourly(Overlap.QUEUE, Catchup.NONE);
    List<Instant> full = hours(NINE.minus(Duration.ofHours(100)), 100);
    ScheduleRows.Row waiting = row(NINE, NINE, full.subList(0, 99), List.of(RUNS));
    assertThat(times.decide(waiting).row().pending()).hasSize(100).endsWith(NINE);
    DueTimes.Decided decided = times.decide(row(NINE, NINE, full, List.of(RUNS)));
    assertThat(decided.row().pending()).isEqualTo(full);
    assertThat(decided.row().nextAt()).as("not decided yet").isEqualTo(NINE);
  }

  @Test
  void the_same_times_have_the_same_name_however_they_are_spaced() {
    Trigger.Schedule spaced =
        new Trigger.Schedule(Spot.START, " 0  * * * *", "UTC", Overlap.SKIP, Catchup.ALL, null);
    assertThat(DueTimes.of(spaced).name())
        .isEqualTo(hourly(Overlap.ALLOW, Catchup.NONE).name())
        .isEqualTo("0 * * * * UTC");
  }
}
