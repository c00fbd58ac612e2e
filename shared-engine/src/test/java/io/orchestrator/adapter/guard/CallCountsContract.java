package io.orchestrator.adapter.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a limit does, wherever calls are counted. */
abstract class CallCountsContract {
  static final Guarded CRM = new Guarded("acme", "crm");
  static final RateLimit LIMIT = RateLimit.parse("3/10s");
  private static final Duration WINDOW = LIMIT.window();

  abstract CallCounts counts();

  /** Time goes on. */
  abstract void pass(Duration time);

  private Duration take() {
    return take(LIMIT);
  }

  private Duration take(RateLimit limit) {
    return counts().take(CRM, limit).orElseThrow();
  }

  /** The second that a wait ends in. */
  private static long seconds(Duration wait) {
    return Math.ceilDiv(wait.toMillis(), 1_000);
  }

  @Test
  void there_is_room_for_so_many_calls_and_then_for_none_until_the_first_is_old() {
    for (int i = 0; i < 3; i++) {
      assertThat(take()).isZero();
      pass(Duration.ofSeconds(2));
    }
    assertThat(seconds(take())).isBetween(3L, 4L); // 6 s have passed since the first
    pass(Duration.ofSeconds(4));
    assertThat(take()).isZero();
    assertThat(take()).isPositive();
    pass(Duration.ofSeconds(2));
    assertThat(take()).isZero();
  }

  @Test
  void whoever_waits_is_told_a_later_time_than_those_before() {
    for (int i = 0; i < 3; i++) {
      take();
    }
    List<Long> told = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      told.add(seconds(take()));
    }
    assertThat(told).allSatisfy(wait -> assertThat(wait % 10).isIn(0L, 9L));
    assertThat(told.stream().map(wait -> Math.ceilDiv(wait, 10)).toList())
        .containsExactly(1L, 1L, 1L, 2L, 2L, 2L, 3L);
  }

  @Test
  void those_who_come_back_when_they_were_told_find_room() {
    for (int i = 0; i < 3; i++) {
      take();
    }
    for (int i = 0; i < 6; i++) {
      assertThat(take()).isPositive();
    }
    for (int turn = 0; turn < 2; turn++) {
      pass(WINDOW);
      for (int i = 0; i < 3; i++) {
        assertThat(take()).as("turn %d", turn).isZero();
      }
    }
    assertThat(seconds(take())).as("nobody waits any more").isBetween(9L, 10L);
  }

  @Test
  void each_adapter_of_each_tenant_has_its_own() {
    for (int i = 0; i < 3; i++) {
      take();
    }
    assertThat(counts().take(new Guarded("acme", "stripe"), LIMIT)).hasValue(Duration.ZERO);
    assertThat(counts().take(new Guarded("globex", "crm"), LIMIT)).hasValue(Duration.ZERO);
  }

  @Test
  void within_any_window_there_are_never_more_calls_than_the_limit() {
    List<Long> made = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 120; i++) {
      long step = 137L * (i % 13);
      pass(Duration.ofMillis(step));
      now += step;
      if (take().isZero()) {
        made.add(now);
      }
    }
    assertThat(made).hasSizeGreaterThan(20);
    for (int i = 3; i < made.size(); i++) {
      assertThat(made.get(i) - made.get(i - 3)).isGreaterThan(WINDOW.toMillis() - 2_000);
    }
  }
}
