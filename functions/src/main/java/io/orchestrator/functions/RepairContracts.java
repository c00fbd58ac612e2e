package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of what operators order, and of how they see what is to be done. */
final class RepairContracts {
  private static final Shape REASON = Shape.text(Limits.REASON_CHARS_MAX);

  private static final Shape GROUP =
      Shape.object(
              has("fingerprint", Shape.text("^[0-9a-f]{16}$")),
              has("flow", Shape.text()),
              has("step", Shape.text().orNull()),
              has("type", Shape.text()),
              has("message", Shape.text()),
              has("count", Shape.whole()),
              has("versions", Shape.list(Shape.text())),
              has("first_at", Shape.time()),
              has("last_at", Shape.time()),
              has("executions", Shape.list(Shape.uuid())))
          .named("FailureGroup");

  private static final Shape RERUN =
      Shape.object(
              has("id", Shape.uuid()),
              has("flow", Shape.text()),
              has("version", Shape.text()),
              has("status", Shapes.STATUS),
              has("rerun_of", Shape.uuid()))
          .named("Rerun");

  private RepairContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.FOLLOW_EXECUTION,
        Contract.of("The history of an execution as server-sent events, live")
            .answersText(200, "text/event-stream")
            .answersNothing(204));
    all.put(
        Route.LIST_FAILURES,
        Contract.of("What has failed, grouped by its probable cause, the largest group first")
            .lists(
                GROUP,
                """
                {"fingerprint": "0123456789abcdef", "flow": "hello", "step": "greet", "type": "timeout",
                 "message": "it took longer than its timeout", "count": 3, "versions": ["1.0.0"],
                 "first_at": "2026-01-31T12:00:00Z", "last_at": "2026-01-31T13:00:00Z",
                 "executions": ["019ab3a4-0000-7000-8000-000000000001"]}
                """));
    all.put(
        Route.RETRY_EXECUTION,
        ordered("Let an execution that has ended go on from what failed")
            .mayTake(
                Shape.object(
                    may("from", Shape.text()),
                    may("input", Shape.anything()),
                    may("outputs", Shape.map()),
                    may("version", Shape.text()),
                    may("reason", REASON)),
                "{\"reason\": \"the service is up again\"}"));
    all.put(
        Route.ROLLBACK_EXECUTION,
        ordered("Restore an earlier state of an execution and go on from there")
            .mayTake(
                Shape.object(
                    may("to", Shape.text()),
                    may("revision", Shape.whole(1, Integer.MAX_VALUE)),
                    may("reason", REASON)),
                "{\"to\": \"greet\"}"));
    all.put(
        Route.RERUN_EXECUTION,
        Contract.of("Start a new execution with the input of an earlier one")
            .mayTake(
                Shape.object(may("input", Shape.anything()), may("version", Shape.text())),
                "{\"input\": {\"name\": \"Ada\"}}")
            .answers(
                202,
                RERUN,
                """
                {"id": "019ab3a4-0000-7000-8000-000000000002", "flow": "hello", "version": "1.0.0",
                 "status": "queued", "rerun_of": "019ab3a4-0000-7000-8000-000000000001"}
                """,
                "Location")
            .once()
            .refuses(409));
    steps(all);
  }

  private static void steps(Map<Route, Contract> all) {
    all.put(
        Route.COMPLETE_STEP,
        ordered("End the wait of a step well")
            .where("step", Shape.text())
            .mayTake(
                Shape.object(may("output", Shape.anything())),
                "{\"output\": {\"decision\": \"approve\"}}"));
    all.put(
        Route.FAIL_STEP,
        ordered("End the wait of a step badly")
            .where("step", Shape.text())
            .mayTake(
                Shape.object(may("type", Shape.text()), may("message", Shape.text())),
                "{\"message\": \"nobody will answer\"}"));
    all.put(
        Route.SKIP_STEP,
        ordered("Pass a waiting step over")
            .where("step", Shape.text())
            .mayTake(Shape.object(), "{}"));
  }

  private static Contract ordered(String summary) {
    return Contract.of(summary)
        .answers(202, Shapes.STARTED, Shapes.STARTED_EXAMPLE, "Location")
        .refuses(409);
  }
}
