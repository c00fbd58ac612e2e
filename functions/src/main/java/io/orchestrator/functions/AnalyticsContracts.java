package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Field;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contract of {@code /flows/{flow}/analytics}. */
final class AnalyticsContracts {
  private static final Shape FIGURE = Shape.number().orNull();

  private static final Shape DURATIONS =
      Shape.object(has("p50", FIGURE), has("p95", FIGURE), has("p99", FIGURE)).named("Durations");

  private static final Field[] OUTCOMES = {
    has("total", Shape.whole()),
    has("by_status", Shape.map(Shape.whole())),
    has("success_rate", FIGURE),
    has("duration_ms", DURATIONS)
  };

  private static final Shape CALLS =
      Shape.object(
          has("adapter", Shape.text()),
          has("calls", Shape.whole()),
          has("failed", Shape.whole()),
          has("attempts", Shape.whole()),
          has("retry_rate", FIGURE),
          has("duration_ms", DURATIONS));

  private static final Shape FAILURE =
      Shape.object(
          has("type", Shape.text()),
          has("step", Shape.text().orNull()),
          has("count", Shape.whole()));

  private static final Shape ANALYTICS =
      Shape.object(
              has("flow", Shape.text()),
              has("from", Shape.time()),
              has("to", Shape.time()),
              has("executions", Shape.object(OUTCOMES)),
              has("versions", Shape.list(Shape.object(OUTCOMES).and(has("version", Shape.text())))),
              has("retry_rate", FIGURE),
              has("steps", Shape.list(CALLS)),
              has("failures", Shape.list(FAILURE)),
              has("relative_error", Shape.number()),
              has("trial", CatalogContracts.TRIAL.orNull()))
          .named("Analytics");

  private AnalyticsContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.ANALYZE_FLOW,
        Contract.of("How a flow's executions ended, by whole hours")
            .answers(
                200,
                ANALYTICS,
                """
                {"flow": "hello", "from": "2026-01-31T12:00:00Z", "to": "2026-01-31T13:00:00Z",
                 "executions": {"total": 2, "by_status": {"completed": 2}, "success_rate": 1.0,
                  "duration_ms": {"p50": 41.2, "p95": 180.1, "p99": 180.1}},
                 "versions": [], "retry_rate": 0.0, "steps": [], "failures": [],
                 "relative_error": 0.02, "trial": null}
                """));
  }
}
