package io.orchestrator.insight;

import io.orchestrator.execution.Status;
import io.orchestrator.expression.Json;
import io.orchestrator.store.SummaryReads;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a flow did over some hours, by the summary of its ended executions. */
public final class Analytics {
  private static final int FAILURES_SHOWN = 10;
  private static final int MICROS_DIGITS = 3;

  private final SummaryReads reads;

  public Analytics(SummaryReads reads) {
    this.reads = reads;
  }

  /**
   * The figures as the API shows them.
   *
   * @param from the beginning of an hour
   * @param to the end of one
   */
  public Map<String, Object> of(String tenant, String flow, Instant from, Instant to) {
    List<SummaryReads.Count> counts = reads.counts(tenant, flow, from, to);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow);
    data.put("from", from.toString());
    data.put("to", to.toString());
    Outcomes all = new Outcomes();
    Map<String, Outcomes> versions = new TreeMap<>();
    Map<String, Calls> adapters = new TreeMap<>();
    Map<String, Long> failures = new TreeMap<>();
    for (SummaryReads.Count count : counts) {
      switch (count.measure()) {
        case Counting.EXECUTION -> {
          all.add(count);
          versions.computeIfAbsent(count.version(), _ -> new Outcomes()).add(count);
        }
        case Counting.STEP, Counting.ATTEMPT, Counting.STEP_FAILED ->
            adapters.computeIfAbsent(count.label(), _ -> new Calls()).add(count);
        case Counting.FAILURE -> failures.merge(count.label(), count.n(), Long::sum);
        default -> throw new IllegalStateException("nobody counts " + count.measure());
      }
    }
    data.put("executions", all.data());
    data.put("versions", byName("version", versions, Outcomes::data));
    data.put("retry_rate", retryRate(adapters.values()));
    data.put("steps", byName("adapter", adapters, Calls::data));
    data.put("failures", failures(failures));
    data.put("relative_error", BigDecimal.valueOf(Histogram.ERROR));
    return data;
  }

  private static <T> List<Object> byName(
      String name, Map<String, T> all, java.util.function.Function<T, Map<String, Object>> shown) {
    List<Object> list = new ArrayList<>();
    all.forEach(
        (key, value) -> {
          Map<String, Object> data = new LinkedHashMap<>();
          data.put(name, key);
          data.putAll(shown.apply(value));
          list.add(data);
        });
    return list;
  }

  /** How executions ended. */
  private static final class Outcomes {
    private final Map<String, Long> byStatus = new TreeMap<>();
    private final Histogram durations = new Histogram();

    void add(SummaryReads.Count count) {
      byStatus.merge(count.label(), count.n(), Long::sum);
      durations.add(count.bucket(), count.n());
    }

    Map<String, Object> data() {
      Map<String, Object> data = new LinkedHashMap<>();
      long cancelled = byStatus.getOrDefault(Status.CANCELLED.text(), 0L);
      data.put("total", durations.count());
      data.put("by_status", byStatus);
      // Who cancels an execution says nothing about how it would have ended.
      data.put(
          "success_rate",
          rate(byStatus.getOrDefault(Status.COMPLETED.text(), 0L), durations.count() - cancelled));
      data.put("duration_ms", quantiles(durations));
      return data;
    }
  }

  /** How the calls of an adapter went. */
  private static final class Calls {
    private final Histogram durations = new Histogram();
    private long attempts;
    private long failed;

    void add(SummaryReads.Count count) {
      switch (count.measure()) {
        case Counting.STEP -> durations.add(count.bucket(), count.n());
        case Counting.ATTEMPT -> attempts += count.n();
        default -> failed += count.n();
      }
    }

    long retries() {
      return attempts - durations.count();
    }

    Map<String, Object> data() {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("calls", durations.count());
      data.put("failed", failed);
      data.put("attempts", attempts);
      data.put("retry_rate", rate(retries(), attempts));
      data.put("duration_ms", quantiles(durations));
      return data;
    }
  }

  /** Of all attempts, those that were not the first of their step. */
  private static BigDecimal retryRate(Iterable<Calls> adapters) {
    long retries = 0;
    long attempts = 0;
    for (Calls calls : adapters) {
      retries += calls.retries();
      attempts += calls.attempts;
    }
    return rate(retries, attempts);
  }

  private static List<Object> failures(Map<String, Long> counts) {
    List<Object> shown = new ArrayList<>();
    counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(FAILURES_SHOWN)
        .forEach(
            entry -> {
              List<?> fingerprint = (List<?>) Json.readStored(entry.getKey());
              String step = (String) fingerprint.get(1);
              Map<String, Object> data = new LinkedHashMap<>();
              data.put("type", fingerprint.get(0));
              data.put("step", step.isEmpty() ? null : step);
              data.put("count", entry.getValue());
              shown.add(data);
            });
    return shown;
  }

  private static Map<String, Object> quantiles(Histogram histogram) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("p50", millis(histogram.quantile(0.50)));
    data.put("p95", millis(histogram.quantile(0.95)));
    data.put("p99", millis(histogram.quantile(0.99)));
    return data;
  }

  private static BigDecimal millis(Double micros) {
    return micros == null
        ? null
        : BigDecimal.valueOf(micros)
            .movePointLeft(MICROS_DIGITS)
            .setScale(MICROS_DIGITS, RoundingMode.HALF_UP);
  }

  private static BigDecimal rate(long part, long whole) {
    return whole <= 0
        ? null
        : BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 4, RoundingMode.HALF_UP);
  }
}
