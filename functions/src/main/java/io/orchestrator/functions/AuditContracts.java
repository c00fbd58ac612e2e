package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of {@code /audit}. */
final class AuditContracts {
  private static final Shape LINE =
      Shape.object(
              has("id", Shape.uuid()),
              has("at", Shape.time()),
              has("actor", Shape.text()),
              has("action", Shape.text()),
              has("object", Shape.text()),
              has("outcome", Shape.text()),
              has("details", Shape.map()))
          .named("AuditLine");

  private static final String LINE_EXAMPLE =
      """
      {"id": "019ab3a4-0000-7000-8000-000000000004", "at": "2026-01-31T12:00:00Z", "actor": "ann",
       "action": "flow.publish", "object": "flow:hello", "outcome": "done", "details": {}}
      """;

  private static final Shape REPORT =
      Shape.object(
              has("valid", Shape.flag()),
              has("seals", Shape.whole()),
              has("lines", Shape.whole()),
              has("unsealed", Shape.whole()),
              has("head", Shape.object(has("seal", Shape.whole()), has("hash", Shape.text()))),
              has(
                  "broken",
                  Shape.object(
                          has("fault", Shape.text()),
                          has("seal", Shape.whole().orNull()),
                          has("id", Shape.uuid().orNull()))
                      .orNull()),
              has("next", Shape.text().orNull()))
          .named("AuditReport");

  private AuditContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(Route.LIST_AUDIT, named("Who did what, the newest first").lists(LINE, LINE_EXAMPLE));
    all.put(
        Route.EXPORT_AUDIT,
        named("The same as JSON lines, in larger pages")
            .answersText(200, "application/x-ndjson", "Link"));
    all.put(
        Route.VERIFY_AUDIT,
        Contract.of("Whether anybody has touched the trail")
            .where("seal", Shape.text("^[0-9]{0,18}$"))
            .where("hash", Shape.text("^([0-9a-f]{64})?$"))
            .answers(
                200,
                REPORT,
                """
                {"valid": true, "seals": 3, "lines": 120, "unsealed": 0,
                 "head": {"seal": 3, "hash": "5f1d..."}, "broken": null, "next": null}
                """));
  }

  private static Contract named(String summary) {
    return Contract.of(summary).where("actor", Shape.text(600)).where("object", Shape.text(600));
  }
}
