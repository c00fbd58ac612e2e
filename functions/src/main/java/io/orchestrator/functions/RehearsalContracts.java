package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of tests and dry runs. */
final class RehearsalContracts {
  /** Beside {@code draft=true} nobody looks at it. */
  private static final Shape ANY_VERSION = Shape.text(Limits.SEARCH_CHARS_MAX);

  private static final Shape SCRIPT =
      Shape.object(
          may("input", Shape.anything()),
          may("mocks", Shape.anything()),
          may("trigger", Shape.anything()),
          may("signals", Shape.anything()),
          may("events", Shape.anything()),
          may("cancel", Shape.anything()),
          may("start", Shape.anything()));

  private static final Shape FAILURE =
      Shape.object(
          has("expectation", Shape.text()),
          has("message", Shape.text()),
          has("expected", Shape.anything()),
          has("actual", Shape.anything()),
          has("difference", Shape.list(Shape.text())),
          has("step", Shape.text().orNull()),
          has("pointer", Shape.text()),
          has("line", Shape.whole()),
          has("column", Shape.whole()));

  private static final Shape RESULT =
      Shape.open(
          has("name", Shape.text()),
          has("passed", Shape.flag()),
          has("status", Shape.text()),
          has("path", Shape.list(Shape.text())),
          has("duration_ms", Shape.whole()),
          has("output", Shape.anything()),
          has("failures", Shape.list(FAILURE)),
          has("warnings", Shape.list(Shape.text())));

  private static final Shape COVERAGE =
      Shape.object(
          has("percent", Shape.whole()),
          has("branches", Shape.whole()),
          has("taken", Shape.anything()),
          has("missing", Shape.list(Shape.map())));

  private static final Shape REPORT =
      Shape.object(
              has("flow", Shape.text()),
              has("version", Shape.text().orNull()),
              has("passed", Shape.whole()),
              has("failed", Shape.whole()),
              has("tests", Shape.list(RESULT)),
              has("coverage", COVERAGE))
          .named("TestReport");

  private static final Shape CALL =
      Shape.object(
          has("step", Shape.text()),
          has("path", Shape.text()),
          has("attempt", Shape.whole()),
          has("adapter", Shape.text()),
          has("action", Shape.text()),
          has("params", Shape.anything()),
          has("idempotency_key", Shape.text()),
          has("timeout_ms", Shape.whole().orNull()),
          has("answer", Shape.word("mock", "unknown")),
          has("at_ms", Shape.whole()));

  private static final Shape STEP =
      Shape.object(
          has("path", Shape.text()),
          has("status", Shapes.STEP_STATUS),
          has("attempts", Shape.whole()),
          has("output", Shape.anything()),
          has("error", Shape.map().orNull()));

  private static final Shape DRY_RUN =
      Shape.object(
              has("flow", Shape.text()),
              has("version", Shape.text().orNull()),
              has("status", Shape.text()),
              has("path", Shape.list(Shape.text())),
              has("calls", Shape.list(CALL)),
              has("steps", Shape.list(STEP)),
              has("unknown", Shape.list(Shape.text())),
              has("output", Shape.anything()),
              has("error", Shape.map().orNull()),
              has("stopped", Shape.text().orNull()),
              has("duration_ms", Shape.whole()),
              has("warnings", Shape.list(Shape.text())))
          .named("DryRun");

  private RehearsalContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.TEST_FLOW,
        Contract.of("Run a flow's tests, with nobody called")
            .where("version", ANY_VERSION)
            .mayTake(
                Shape.object(may("tests", Shape.list(Shape.map()))),
                "{\"tests\": [{\"name\": \"it greets\", \"expect\": {\"status\": \"completed\"}}]}")
            .answers(
                200,
                REPORT,
                """
                {"flow": "hello", "version": "1.0.0", "passed": 0, "failed": 0, "tests": [],
                 "coverage": {"percent": 100, "branches": 0, "taken": 0, "missing": []}}
                """));
    all.put(
        Route.DRY_RUN_FLOW,
        Contract.of("Say what a flow would do with an input, with nobody called")
            .where("version", ANY_VERSION)
            .mayTake(SCRIPT, "{\"input\": {\"name\": \"Ada\"}}")
            .answers(
                200,
                DRY_RUN,
                """
                {"flow": "hello", "version": "1.0.0", "status": "completed", "path": ["greet"],
                 "calls": [], "steps": [], "unknown": [], "output": {"text": "hello"},
                 "error": null, "stopped": null, "duration_ms": 0, "warnings": []}
                """));
  }
}
