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

  private static final Shape EVENT =
      Shape.object(
              has("id", Shape.text("^[0-9]{1,9}$").saying("The revision, for Last-Event-ID")),
              has("event", Shape.text()),
              has("data", Shape.text().saying("A transition, as JSON")),
              may("retry", Shape.whole()))
          .named("HistoryEvent");

  private static final Shape BULK_BODY =
      Shape.object(
          has("action", Shape.word("retry", "rerun", "cancel")),
          has(
              "query",
              Shape.object(
                  may("flow", Shape.text(Limits.SEARCH_CHARS_MAX)),
                  may("version", Shape.text(Limits.SEARCH_CHARS_MAX)),
                  may("status", Shape.either(Shapes.STATUS, Shape.list(Shapes.STATUS))),
                  may("from", Shape.time()),
                  may("to", Shape.time()),
                  may("search", Shape.map(Shape.text(Limits.SEARCH_CHARS_MAX))))),
          may("canary", Shape.whole(1, 10_000)),
          may("rate", Shape.whole(1, 100)),
          may("dry_run", Shape.flag()));

  private static final Shape COUNTED =
      Shape.object(
          has("action", Shape.text()), has("matched", Shape.whole()), has("dry_run", Shape.flag()));

  private static final Shape BULK =
      Shape.object(
              has("id", Shape.uuid()),
              has("action", Shape.word("retry", "rerun", "cancel")),
              has("status", Shape.word("running", "canary", "stopped", "completed")),
              has("by", Shape.text()),
              has("matched", Shape.whole()),
              has("done", Shape.whole()),
              has("refused", Shape.whole()),
              has("rate", Shape.whole()),
              has("canary", Shape.whole().orNull()),
              has(
                  "refusals",
                  Shape.list(
                      Shape.object(has("execution", Shape.uuid()), has("why", Shape.text())))),
              has("created_at", Shape.time()),
              has("ended_at", Shape.time().orNull()))
          .named("BulkOrder");

  private static final String BULK_EXAMPLE =
      """
      {"id": "019ab3a4-0000-7000-8000-000000000001", "action": "retry", "status": "running",
       "by": "ann", "matched": 3, "done": 1, "refused": 0, "rate": 10, "canary": null,
       "refusals": [], "created_at": "2026-01-31T12:00:00Z", "ended_at": null}
      """;

  private RepairContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.FOLLOW_EXECUTION,
        Contract.of("The history of an execution as server-sent events, live")
            .answersEvents(EVENT)
            .answersNothing(204));
    all.put(
        Route.LIST_FAILURES,
        Contract.of("What has failed, grouped by its probable cause, the largest group first")
            .where("flow", Shape.text(Limits.SEARCH_CHARS_MAX))
            .where("version", Shape.text(Limits.SEARCH_CHARS_MAX))
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
    bulk(all);
  }

  private static void bulk(Map<Route, Contract> all) {
    all.put(
        Route.ORDER_BULK,
        Contract.of("Retry, rerun or cancel many executions, or count them")
            .takes(
                BULK_BODY,
                "{\"action\": \"retry\", \"query\": {\"flow\": \"hello\"}, \"dry_run\": true}")
            .answers(200, COUNTED, "{\"action\": \"retry\", \"matched\": 3, \"dry_run\": true}")
            .answers(202, BULK, BULK_EXAMPLE, "Location")
            .once());
    all.put(
        Route.GET_BULK,
        Contract.of("How far an order about many executions is").answers(200, BULK, BULK_EXAMPLE));
    all.put(
        Route.CONTINUE_BULK,
        Contract.of("Let an order go on after its first executions")
            .answers(202, BULK, BULK_EXAMPLE)
            .refuses(409));
    all.put(
        Route.STOP_BULK,
        Contract.of("Stop an order about many executions")
            .answers(202, BULK, BULK_EXAMPLE)
            .refuses(409));
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
