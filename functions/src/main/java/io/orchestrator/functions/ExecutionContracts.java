package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of {@code /executions}. */
final class ExecutionContracts {
  private static final Shape FAILURE =
      Shape.open(
              has("type", Shape.text()),
              has("message", Shape.text()),
              has("retryable", Shape.flag()))
          .named("Failure");

  private static final Shape STEP =
      Shape.object(
              has("id", Shape.text()),
              has("path", Shape.text()),
              has("status", Shapes.STEP_STATUS),
              has("attempts", Shape.whole()),
              has("adapter", Shape.text().orNull()),
              may("action", Shape.text()),
              has("started_at", Shape.time().orNull()),
              has("ended_at", Shape.time().orNull()),
              has("duration_ms", Shape.whole().orNull()),
              has("output", Shape.anything()),
              has("error", FAILURE.orNull()))
          .named("Step");

  private static final Shape WAIT =
      Shape.object(
          has("step", Shape.text()),
          has("kind", Shape.word("timer", "signal", "event", "approval", "flow", "callback")),
          has("until", Shape.time().orNull()),
          may("signal", Shape.text()),
          may("event", Shape.text()),
          may("key", Shape.anything()),
          may("question", Shape.anything()),
          may("flow", Shape.text()),
          may("execution", Shape.text().orNull()));

  private static final Shape USAGE =
      Shape.object(
          has("steps", Shape.whole()), has("tokens", Shape.whole()), has("cost", Shape.number()));

  static final Shape EXECUTION =
      Shape.object(
              has("id", Shape.uuid()),
              has("flow", Shape.text()),
              has("version", Shape.text()),
              has("status", Shapes.STATUS),
              has("revision", Shape.whole()),
              may("rerun_of", Shape.uuid()),
              has("input", Shape.anything()),
              has("output", Shape.anything()),
              has("error", FAILURE.orNull()),
              has("handled", Shape.flag()),
              has("reason", Shape.text().orNull()),
              has("search", Shape.map()),
              has("usage", USAGE),
              has("waiting_for", Shape.list(WAIT)),
              has("started_at", Shape.time()),
              has("ended_at", Shape.time().orNull()),
              has("steps", Shape.list(STEP)),
              has("next", Shape.text().orNull()))
          .named("Execution");

  static final String EXAMPLE =
      """
      {"id": "019ab3a4-0000-7000-8000-000000000001", "flow": "hello", "version": "1.0.0",
       "status": "completed", "revision": 3, "input": {"name": "Ada"}, "output": {"text": "hello"},
       "error": null, "handled": false, "reason": "", "search": {},
       "usage": {"steps": 1, "tokens": 0, "cost": 0}, "waiting_for": [],
       "started_at": "2026-01-31T12:00:00Z", "ended_at": "2026-01-31T12:00:01Z", "steps": [],
       "next": null}
      """;

  private static final Shape LINE =
      Shape.object(
              has("id", Shape.uuid()),
              has("flow", Shape.text()),
              has("version", Shape.text()),
              has("status", Shapes.STATUS),
              has("revision", Shape.whole()),
              has("started_at", Shape.time()),
              has("ended_at", Shape.time().orNull()))
          .named("ExecutionLine");

  private static final Shape TRANSITION =
      Shape.object(
              has("revision", Shape.whole()),
              has("at", Shape.time()),
              has("event", Shape.text()),
              has("step", Shape.text().orNull()),
              has("attempt", Shape.whole()),
              has("data", Shape.anything()))
          .named("Transition");

  private static final Shape OUTCOME =
      Shape.object(
          has("expression", Shape.text()),
          may("value", Shape.anything()),
          may("error", Shape.text()),
          may("evaluated", Shape.flag()),
          may("omitted", Shape.text()),
          has(
              "parts",
              Shape.list(
                  Shape.object(
                      has("text", Shape.text()),
                      has("start", Shape.whole()),
                      has("end", Shape.whole()),
                      has("depth", Shape.whole()),
                      may("value", Shape.anything()),
                      may("error", Shape.text()),
                      may("evaluated", Shape.flag()),
                      may("omitted", Shape.text())))));

  private static final Shape BUDGET =
      Shape.object(
          may("steps", Shape.whole(1, Long.MAX_VALUE)),
          may("transitions", Shape.whole(1, Long.MAX_VALUE)),
          may("tokens", Shape.whole(1, Long.MAX_VALUE)),
          may("cost", Shape.number()));

  private static final Shape REASON = Shape.text(Limits.REASON_CHARS_MAX);

  private ExecutionContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.LIST_EXECUTIONS,
        Contract.of("Find executions, the newest first")
            .where("flow", Shape.text(Limits.SEARCH_CHARS_MAX))
            .where("version", Shape.text(Limits.SEARCH_CHARS_MAX))
            .where("status", Shape.text(200).saying("One or several, separated by commas"))
            .lists(
                LINE,
                """
                {"id": "019ab3a4-0000-7000-8000-000000000001", "flow": "hello", "version": "1.0.0",
                 "status": "queued", "revision": 1, "started_at": "2026-01-31T12:00:00Z",
                 "ended_at": null}
                """));
    all.put(
        Route.GET_EXECUTION,
        Contract.of("An execution with its steps, perhaps once it has ended")
            .answers(200, EXECUTION, EXAMPLE, "ETag", "Link")
            .refuses(408));
    all.put(
        Route.GET_HISTORY,
        Contract.of("Every transition of an execution, the oldest first")
            .lists(
                TRANSITION,
                """
                {"revision": 1, "at": "2026-01-31T12:00:00Z", "event": "execution_started",
                 "step": null, "attempt": 0, "data": {}}
                """));
    all.put(
        Route.EXPLAIN_EXECUTION,
        Contract.of("What every part of an expression comes to over an execution")
            .takes(
                Shape.object(has("expression", Shape.text()), may("step", Shape.text().orNull())),
                "{\"expression\": \"$input.total > 5\", \"step\": \"each[3]/charge\"}")
            .answers(
                200,
                OUTCOME,
                "{\"expression\": \"$input.total > 5\", \"value\": true, \"parts\": []}")
            .refuses(409));
    all.put(
        Route.REVEAL_EXECUTION,
        Contract.of("A line of the history with what is masked in clear; the audit trail is told")
            .takes(
                Shape.object(
                    has("revision", Shape.whole(1, Integer.MAX_VALUE)),
                    has("reason", Shape.text("\\S").upTo(Limits.REASON_CHARS_MAX))),
                "{\"revision\": 1, \"reason\": \"the customer asks what was sent\"}")
            .answers(
                200,
                TRANSITION,
                """
                {"revision": 1, "at": "2026-01-31T12:00:00Z", "event": "execution_started",
                 "step": null, "attempt": 0, "data": {"input": {"card": "4929..."}}}
                """));
    steering(all);
  }

  private static void steering(Map<Route, Contract> all) {
    all.put(
        Route.CANCEL_EXECUTION,
        steered("Cancel an execution")
            .mayTake(
                Shape.object(may("reason", REASON), may("compensate", Shape.flag())),
                "{\"reason\": \"ordered twice\"}"));
    all.put(
        Route.PAUSE_EXECUTION,
        steered("Let no more calls of an execution begin")
            .mayTake(Shape.object(may("reason", REASON)), "{\"reason\": \"look at it first\"}"));
    all.put(
        Route.RESUME_EXECUTION,
        steered("Let a paused execution go on, or raise its budget")
            .mayTake(Shape.object(may("budget", BUDGET)), "{\"budget\": {\"tokens\": 200000}}"));
    all.put(
        Route.SEND_SIGNAL,
        Contract.of("Wake the step that waits for a signal")
            .where("name", Shape.text("^[A-Za-z][A-Za-z0-9_.-]{0,99}$"))
            .mayTake(Shape.anything(), "{\"amount\": 20}")
            .answers(202, accepted(), "{\"status\": \"accepted\"}")
            .once()
            .refuses(409, 410));
  }

  private static Contract steered(String summary) {
    return Contract.of(summary)
        .answers(202, Shapes.STARTED, Shapes.STARTED_EXAMPLE, "Location")
        .refuses(409);
  }

  private static Shape accepted() {
    return Shape.object(has("status", Shape.word("accepted")));
  }
}
