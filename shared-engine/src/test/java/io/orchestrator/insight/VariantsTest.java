package io.orchestrator.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rates of versions and how far they can be trusted. */
class VariantsTest {
  /** Values of Wilson's score interval as statistics packages give them. */
  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0, 0.2775",
    "1, 10, 0.1, 0.0179, 0.4042",
    "5, 10, 0.5, 0.2366, 0.7634",
    "10, 10, 1, 0.7225, 1",
    "50, 1000, 0.05, 0.0381, 0.0653"
  })
  void a_share_has_wilsons_interval(
      long some, long all, BigDecimal rate, BigDecimal low, BigDecimal high) {
    assertThat(Variants.share(some, all)).isEqualTo(new Variants.Share(rate, low, high));
  }

  @Test
  void a_share_of_nothing_may_be_anything() {
    assertThat(Variants.share(0, 0))
        .isEqualTo(new Variants.Share(null, BigDecimal.ZERO, BigDecimal.ONE));
  }

  @Test
  void about_ninety_five_of_a_hundred_intervals_hold_the_truth() {
    Random random = new Random(4711);
    int held = 0;
    int rounds = 4_000;
    for (int round = 0; round < rounds; round++) {
      int failures = 0;
      for (int run = 0; run < 60; run++) {
        failures += random.nextDouble() < 0.2 ? 1 : 0;
      }
      Variants.Share share = Variants.share(failures, 60);
      boolean holds = share.low().doubleValue() <= 0.2 && share.high().doubleValue() >= 0.2;
      held += holds ? 1 : 0;
    }
    assertThat(held / (double) rounds).isCloseTo(0.95, within(0.02));
  }

  @Test
  void intervals_that_lie_apart_tell_a_difference() {
    assertThat(Variants.differ(Variants.share(1, 100), Variants.share(30, 100))).isTrue();
    assertThat(Variants.differ(Variants.share(30, 100), Variants.share(1, 100))).isTrue();
    assertThat(Variants.differ(Variants.share(1, 10), Variants.share(3, 10))).isFalse();
  }

  @Test
  void without_a_goal_nothing_is_said_of_goals() {
    assertThat(Variants.data(List.of(new Variants.Counts("1.0.0", 4, 1, 0)), false).getFirst())
        .containsEntry("runs", 4L)
        .containsEntry("goals", null)
        .containsEntry("goal_rate", null);
  }

  @Test
  void counts_that_do_not_fit_are_a_mistake() {
    assertThatThrownBy(() -> new Variants.Counts("1.0.0", 1, 2, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
