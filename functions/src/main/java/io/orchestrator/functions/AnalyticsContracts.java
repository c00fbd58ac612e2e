package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contract of {@code /flows/{flow}/analytics}. */
final class AnalyticsContracts {
  private static final Shape RATE = Shape.number().orNull();

  private static final Shape QUANTILES =
      Shape.object(has("p50", RATE), has("p95", RATE), has("p99", RATE)).named("Quantiles");

  private static final Shape OUTCOMES =
      Shape.object(
          has("total", Shape.whole()),
          has("by_status", Shape.map()),
          has("success_rate", RATE),
          has("duration_ms", QUANTILES));

  private static final Shape VERSION = OUTCOMES.and(has("version", Shape.text()));

  private static final Shape CALLS =
      Shape.object(
          has("adapter", Shape.text()),
          has("calls", Shape.whole()),
          has("failed", Shape.whole()),
          has("attempts", Shape.whole()),
          has("retry_rate", RATE),
          has("duration_ms", QUANTILES));

  private static final Shape FAILURE =
      Shape.object(
          has("type", Shape.text()),
          has("step", Shape.text().orNull()),
          has("count", Shape.whole()));

  private static final Shape FIGURES =
      Shape.object(
              has("flow", Shapes.NAME),
              has("from", Shape.time()),
              has("to", Shape.time()),
              has("executions", OUTCOMES),
              has("versions", Shape.list(VERSION)),
              has("retry_rate", RATE),
              has("steps", Shape.list(CALLS)),
              has("failures", Shape.list(FAILURE)),
              has("relative_error", Shape.number()))
          .named("Analytics");

  private static final String EXAMPLE =
      """
      {"flow": "hello", "from": "2026-11-01T00:00:00Z", "to": "2026-11-23T02:00:00Z",
       "executions": {"total": 120, "by_status": {"completed": 117, "failed": 3}, "success_rate": 0.975,
        "duration_ms": {"p50": 41.23, "p95": 180.115, "p99": 902.004}},
       "versions": [], "retry_rate": 0.041, "steps": [],
       "failures": [{"type": "adapter_unavailable", "step": "send", "count": 3}], "relative_error": 0.02}
      """;

  private AnalyticsContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.ANALYZE_FLOW,
        Contract.of("How the flow's executions ended, by whole hours")
            .answers(200, FIGURES, EXAMPLE));
  }
}
