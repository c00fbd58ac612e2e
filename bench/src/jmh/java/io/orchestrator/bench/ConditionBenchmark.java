package io.orchestrator.bench;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Scope;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a condition costs that is evaluated again and again. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ConditionBenchmark {
  private static final Map<String, Object> DATA =
      Map.of(
          "input",
          Map.of(
              "kind",
              "billing",
              "total",
              new BigDecimal("129.90"),
              "vip",
              true,
              "tags",
              List.of("new", "eu", "web")),
          "classify",
          Map.of("category", "billing", "confidence", new BigDecimal("0.87")));

  /** Conditions as flows have them. */
  @Param({
    "$classify.category == 'billing'",
    "$input.vip and $input.total > 100 and $classify.confidence >= 0.8",
    "$input.kind in ['billing', 'sales'] and not ($input.note matches '^test')",
    "$input.tags.exists(t, t == 'eu')"
  })
  public String condition;

  private Expression expression;
  private Scope scope;

  /** Parses once, as a plan does. */
  @Setup
  public void parse() {
    expression = Expression.parse(condition.replace("$input.note", "($input.note ?? '')"));
    scope = new Scope(DATA::get, Instant.EPOCH, "seed");
  }

  /** One evaluation. */
  @Benchmark
  public boolean condition() {
    return expression.condition(scope);
  }
}
