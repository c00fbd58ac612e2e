package io.orchestrator.telemetry;

import io.orchestrator.expression.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Counts and durations, gathered and written as CloudWatch embedded metric format: one JSON line
 * for each set of dimensions at {@link #flush()}, which ends every invocation. Safe for many
 * threads.
 */
public final class Metrics {
  private static final String NAMESPACE = "Orchestrator";

  /** CloudWatch takes at most 100 values of one metric in a line. */
  private static final int VALUES_MAX = 100;

  private static final int SETS_MAX = 1_000;

  private final Consumer<String> lines;
  private final InstantSource clock;
  private Map<Map<String, String>, Map<String, Series>> gathered = new LinkedHashMap<>();

  private static final class Series {
    private final String unit;
    private final List<Object> values = new ArrayList<>();

    Series(String unit) {
      this.unit = unit;
    }
  }

  /**
   * @param lines takes each finished line: standard output in Lambda
   */
  public Metrics(Consumer<String> lines, InstantSource clock) {
    this.lines = lines;
    this.clock = clock;
  }

  /** Where nobody reads metrics: nothing is gathered. */
  public static Metrics unread() {
    return new Metrics(null, InstantSource.system());
  }

  /** Whether anybody reads them. */
  public boolean areRead() {
    return lines != null;
  }

  /** Adds to a count. Dimensions are few and their values are too: never an execution's id. */
  public void count(String name, long value, Map<String, String> dimensions) {
    if (areRead()) {
      add(name, value, dimensions);
    }
  }

  private synchronized void add(String name, long value, Map<String, String> dimensions) {
    Series series = series(name, "Count", dimensions);
    if (series.values.isEmpty()) {
      series.values.add(value);
    } else {
      series.values.set(0, (Long) series.values.getFirst() + value);
    }
  }

  /** Notes one duration, in milliseconds with three digits after the point. */
  public void duration(String name, Duration value, Map<String, String> dimensions) {
    if (areRead()) {
      add(name, value, dimensions);
    }
  }

  private synchronized void add(String name, Duration value, Map<String, String> dimensions) {
    Series series = series(name, "Milliseconds", dimensions);
    if (series.values.size() == VALUES_MAX) {
      flush();
      series = series(name, "Milliseconds", dimensions);
    }
    series.values.add(BigDecimal.valueOf(value.toNanos() / 1_000, 3));
  }

  /** Writes what was gathered, and forgets it. */
  public synchronized void flush() {
    Map<Map<String, String>, Map<String, Series>> ready = gathered;
    gathered = new LinkedHashMap<>();
    ready.forEach((dimensions, metrics) -> lines.accept(line(dimensions, metrics)));
  }

  private Series series(String name, String unit, Map<String, String> dimensions) {
    if (gathered.size() >= SETS_MAX) {
      flush();
    }
    Series series =
        gathered
            .computeIfAbsent(new TreeMap<>(dimensions), _ -> new LinkedHashMap<>())
            .computeIfAbsent(name, _ -> new Series(unit));
    if (!series.unit.equals(unit)) {
      throw new IllegalArgumentException(
          "The metric " + name + " is counted in " + series.unit + ", not " + unit);
    }
    return series;
  }

  private String line(Map<String, String> dimensions, Map<String, Series> metrics) {
    List<Object> definitions = new ArrayList<>();
    metrics.forEach((name, series) -> definitions.add(object("Name", name, "Unit", series.unit)));
    Object directive =
        object(
            "Namespace",
            NAMESPACE,
            "Dimensions",
            List.of(List.copyOf(dimensions.keySet())),
            "Metrics",
            definitions);
    Map<String, Object> line =
        object(
            "_aws", object("Timestamp", clock.millis(), "CloudWatchMetrics", List.of(directive)));
    line.putAll(dimensions);
    metrics.forEach(
        (name, series) ->
            line.put(name, series.values.size() == 1 ? series.values.getFirst() : series.values));
    return Json.write(line);
  }

  private static Map<String, Object> object(Object... pairs) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }
}
