package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of {@code /adapters/{name}/health} and {@code /circuit}. */
final class AdapterHealthContracts {
  private static final Shape CIRCUIT =
      Shape.object(
              has(
                  "state",
                  Shape.word("CLOSED", "OPEN", "HALF_OPEN", "FORCED_OPEN")
                      .orNull()
                      .saying("Null: each process has its own, or Redis does not say")),
              has("shared", Shape.flag()),
              has("failures", Shape.whole().orNull()),
              has("since", Shape.time().orNull()),
              has("retry_at", Shape.time().orNull()),
              has("reason", Shape.text().orNull()),
              has("by", Shape.text().orNull()))
          .named("Circuit");

  private static final Shape CHECK =
      Shape.object(
              has("instant", Shape.time()),
              has("at", Shape.time()),
              has("up", Shape.flag()),
              has("status", Shape.whole().orNull()),
              has("took_ms", Shape.whole()),
              has("note", Shape.text()))
          .named("HealthCheck");

  private static final Shape HEALTH =
      Shape.object(
              has("adapter", Shape.text()),
              has("status", Shape.word("up", "down", "unknown", "unchecked")),
              has("since", Shape.time().orNull()),
              has("next_check", Shape.time().orNull()),
              has("circuit", CIRCUIT.orNull()),
              has("rate_limit", Shape.text().orNull()),
              has("fallback", Shape.list(Shape.text())),
              has("checks", Shape.list(CHECK)))
          .named("AdapterHealth");

  private static final String CIRCUIT_EXAMPLE =
      """
      {"state": "FORCED_OPEN", "shared": true, "failures": 0, "since": "2026-01-31T12:00:00Z", "retry_at": null,
       "reason": "they move to a new data centre", "by": "ann"}
      """;

  private AdapterHealthContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.GET_ADAPTER_HEALTH,
        Contract.of("How the service behind an adapter is, and its circuit")
            .answers(
                200,
                HEALTH,
                """
                {"adapter": "billing", "status": "up", "since": "2026-01-31T12:00:00Z",
                 "next_check": "2026-01-31T12:01:00Z", "circuit": %s, "rate_limit": "100/10s", "fallback": [],
                 "checks": [{"instant": "2026-01-31T12:00:00Z", "at": "2026-01-31T12:00:01Z", "up": true,
                  "status": 200, "took_ms": 12, "note": ""}]}
                """
                    .formatted(CIRCUIT_EXAMPLE)));
    all.put(
        Route.SET_CIRCUIT,
        Contract.of("Force an adapter's circuit open, or release it")
            .takes(
                Shape.object(
                    has("state", Shape.word("FORCED_OPEN", "CLOSED", "forced_open", "closed")),
                    may("reason", Shape.text(500))),
                """
                {"state": "FORCED_OPEN", "reason": "they move to a new data centre"}
                """)
            .answers(
                200,
                Shape.object(has("adapter", Shape.text()), has("circuit", CIRCUIT.orNull()))
                    .named("CircuitSet"),
                "{\"adapter\": \"billing\", \"circuit\": " + CIRCUIT_EXAMPLE + "}"));
  }
}
