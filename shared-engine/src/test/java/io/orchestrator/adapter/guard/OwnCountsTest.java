package io.orchestrator.adapter.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnCountsTest extends CallCountsContract {
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final OwnCounts counts = new OwnCounts(now::get);

  @Override
  CallCounts counts() {
    return counts;
  }

  @Override
  void pass(Duration time) {
    now.addAndGet(time.toMillis());
  }

  @Test
  void a_limit_is_written_as_calls_and_a_duration() {
    assertThat(RateLimit.parse("100/10s"))
        .isEqualTo(new RateLimit(100, Duration.ofSeconds(10), "100/10s"));
    assertThat(RateLimit.parse("5/s").window()).isEqualTo(Duration.ofSeconds(1));
    assertThat(RateLimit.parse("60 / PT1M").window()).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "100", "0/s", "10001/s", "x/1s", "5/", "5/2d", "5/1ms", "5/fortnight"})
  void what_is_no_limit_is_refused(String text) {
    assertThatThrownBy(() -> RateLimit.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
