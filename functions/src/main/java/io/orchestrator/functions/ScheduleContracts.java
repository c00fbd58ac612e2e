package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contract of {@code /schedules}. */
final class ScheduleContracts {
  static final Shape SCHEDULE =
      Shape.object(
              has("flow", Shapes.NAME),
              has("version", Shapes.VERSION),
              has("cron", Shape.text()),
              has("timezone", Shape.text()),
              has("overlap", Shape.word("allow", "skip", "queue")),
              has("catchup", Shape.word("none", "latest", "all")),
              has("next_at", Shape.time().orNull()),
              has("waiting", Shape.whole()),
              has("last_at", Shape.time().orNull()),
              has("last_execution", Shape.uuid().orNull()))
          .named("Schedule");

  private ScheduleContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.LIST_SCHEDULES,
        Contract.of("When flows start by themselves, and when they last did")
            .where("flow", Shape.text(Limits.SEARCH_CHARS_MAX))
            .lists(
                SCHEDULE,
                """
                {"flow": "reconcile", "version": "1.0.0", "cron": "0 9 * * MON-FRI", "timezone": "Europe/Berlin",
                 "overlap": "skip", "catchup": "latest", "next_at": "2026-02-02T08:00:00Z", "waiting": 0,
                 "last_at": "2026-01-30T08:00:00Z", "last_execution": "019ab3a4-0000-7000-8000-000000000001"}
                """));
  }
}
