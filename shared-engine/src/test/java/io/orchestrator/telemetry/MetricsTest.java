package io.orchestrator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final List<String> lines = new ArrayList<>();
  private final Metrics metrics = new Metrics(lines::add, () -> Instant.ofEpochMilli(1_000));

  @Test
  void what_shares_its_dimensions_is_written_as_one_line_of_embedded_metric_format() {
    metrics.count("steps", 2, Map.of("queue", "step"));
    metrics.count("steps", 3, Map.of("queue", "step"));
    metrics.duration("call", Duration.ofNanos(1_234_567), Map.of("queue", "step"));
    metrics.duration("call", Duration.ofMillis(2), Map.of("queue", "step"));
    assertThat(lines).isEmpty();
    metrics.flush();
    metrics.flush();
    assertThat(lines)
        .containsExactly(
            "{\"_aws\":{\"Timestamp\":1000,\"CloudWatchMetrics\":[{\"Namespace\":\"Orchestrator\","
                + "\"Dimensions\":[[\"queue\"]],\"Metrics\":[{\"Name\":\"steps\",\"Unit\":\"Count\"},{\"Name\":\"call\",\"Unit\":"
                + "\"Milliseconds\"}]}]},\"queue\":\"step\",\"steps\":5,\"call\":[1.234,2.000]}");
  }

  @Test
  void other_dimensions_have_a_line_of_their_own() {
    metrics.count("steps", 1, Map.of("queue", "step"));
    metrics.count("steps", 1, Map.of("queue", "slow"));
    metrics.count("sweeps", 1, Map.of());
    metrics.flush();
    assertThat(lines).hasSize(3);
  }

  @Test
  void no_line_has_more_than_a_hundred_values_of_a_metric_and_none_is_lost() {
    IntStream.range(0, 250).forEach(i -> metrics.duration("call", Duration.ofMillis(i), Map.of()));
    metrics.flush();
    assertThat(lines)
        .extracting(line -> ((List<?>) ((Map<?, ?>) Json.read(line)).get("call")).size())
        .containsExactly(100, 100, 50);
  }
}
