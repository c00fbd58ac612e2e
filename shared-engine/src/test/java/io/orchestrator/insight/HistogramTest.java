package io.orchestrator.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Quantiles are as near as is promised, also of histograms that were added up. */
class HistogramTest {
  private static final Percentage PROMISED = Percentage.withPercentage(100 * Histogram.ERROR);

  @Property(tries = 300)
  void a_quantile_is_within_its_error(
      @ForAll @Size(min = 1, max = 300)
          List<@LongRange(min = 1, max = 2_592_000_000_000L) Long> all) {
    Histogram one = new Histogram();
    all.forEach(micros -> one.add(Histogram.bucket(Duration.ofNanos(micros * 1_000)), 1));
    List<Long> sorted = all.stream().sorted().toList();
    for (double share : List.of(0.0, 0.5, 0.95, 0.99, 1.0)) {
      int rank = Math.max(1, (int) Math.ceil(share * sorted.size()));
      double exact = sorted.get(rank - 1);
      if (exact > 1) {
        assertThat(one.quantile(share)).isCloseTo(exact, PROMISED);
      }
    }
  }

  @Test
  void what_was_added_and_taken_back_does_not_count() {
    Histogram histogram = new Histogram();
    histogram.add(Histogram.bucket(Duration.ofSeconds(1)), 3);
    histogram.add(Histogram.bucket(Duration.ofHours(1)), 5);
    histogram.add(Histogram.bucket(Duration.ofHours(1)), -5);
    assertThat(histogram.count()).isEqualTo(3);
    assertThat(histogram.quantile(0.99)).isCloseTo(1e6, PROMISED);
  }

  @Test
  void nothing_has_no_quantile_and_no_time_is_a_short_one() {
    assertThat(new Histogram().quantile(0.5)).isNull();
    assertThat(Histogram.bucket(Duration.ZERO)).isZero();
    assertThat(Histogram.bucket(Duration.ofSeconds(-5))).isZero();
    assertThat(Histogram.bucket(Duration.ofDays(36_500))).isLessThan(1_000);
  }
}
