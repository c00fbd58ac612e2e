package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of what people and systems outside send, and of what everybody may know. */
final class OutsideContracts {
  private static final Shape APPROVAL =
      Shape.object(
              has("id", Shape.uuid()),
              has("execution", Shape.uuid()),
              has("flow", Shape.text()),
              has("step", Shape.text()),
              has("status", Shape.word("open", "closed")),
              has("title", Shape.text()),
              has("to", Shape.list(Shape.text())),
              has("options", Shape.list(Shape.text())),
              has("quorum", Shape.whole()),
              may("form", Shape.map()),
              has("timeout_at", Shape.time()),
              has("decided_by", Shape.list(Shape.text())),
              has("requested_at", Shape.time()))
          .named("Approval");

  private static final String APPROVAL_EXAMPLE =
      """
      {"id": "019ab3a4-0000-8000-8000-000000000002",
       "execution": "019ab3a4-0000-7000-8000-000000000001", "flow": "refund", "step": "decide",
       "status": "open", "title": "Refund 20 EUR?", "to": ["role:finance"],
       "options": ["approve", "reject"], "quorum": 1, "timeout_at": "2026-02-01T12:00:00Z",
       "decided_by": [], "requested_at": "2026-01-31T12:00:00Z"}
      """;

  private static final Shape STATE = Shape.word("up", "down", "none");
  private static final String ACCEPTED = "{\"status\": \"accepted\"}";

  private OutsideContracts() {}

  static void into(Map<Route, Contract> all) {
    words(all);
    approvals(all);
    itself(all);
  }

  private static void words(Map<Route, Contract> all) {
    all.put(
        Route.SEND_EVENT,
        Contract.of("Wake waits and start flows with an event")
            .takes(
                Shape.object(
                    has("type", Shape.text("^[A-Za-z][A-Za-z0-9_.-]{0,99}$")),
                    may("key", Shape.either(Shape.text(512), Shape.number()).orNull()),
                    may("data", Shape.anything())),
                """
                {"type": "payment.received", "key": "order-7", "data": {"amount": 20}}
                """)
            .answers(
                202,
                Shape.object(has("id", Shape.uuid())),
                "{\"id\": \"019ab3a4-0000-8000-8000-000000000003\"}")
            .once());
    all.put(
        Route.CALLBACK,
        Contract.of("Answer a wait; the token is the permission")
            .where("outcome", Shape.word("ok", "error", ""))
            .mayTake(Shape.anything(), "{\"transcript\": \"...\"}")
            .answers(200, Shape.object(has("status", Shape.word("accepted"))), ACCEPTED)
            .refuses(409, 410));
    all.put(
        Route.HOOK,
        Contract.of("A webhook of a flow; what it needs to show, the flow says")
            .mayTake(Shape.anything(), "{\"text\": \"help\"}")
            .orForm()
            .answers(
                200,
                Shape.anything().saying("The output of the flow, or that its filter said no"),
                "{\"status\": \"ignored\"}",
                "Location")
            .answers(
                202,
                Shape.object(has("id", Shape.uuid())),
                "{\"id\": \"019ab3a4-0000-7000-8000-000000000001\"}",
                "Location")
            .refuses(408, 409, 422));
  }

  private static void approvals(Map<Route, Contract> all) {
    all.put(
        Route.LIST_APPROVALS,
        Contract.of("What the caller is asked to decide, the oldest first")
            .lists(APPROVAL, APPROVAL_EXAMPLE));
    all.put(
        Route.GET_APPROVAL,
        Contract.of("What is to be decided; looking decides nothing")
            .where("link", Shape.text(100))
            .answers(200, APPROVAL, APPROVAL_EXAMPLE));
    all.put(
        Route.DECIDE_APPROVAL,
        Contract.of("Decide")
            .where("link", Shape.text(100))
            .takes(
                Shape.object(has("decision", Shape.text()), may("form", Shape.anything())),
                "{\"decision\": \"approve\"}")
            .answers(
                200,
                Shape.object(has("status", Shape.word("accepted")), has("decision", Shape.text())),
                "{\"status\": \"accepted\", \"decision\": \"approve\"}")
            .refuses(409, 410));
  }

  private static void itself(Map<Route, Contract> all) {
    all.put(
        Route.ME,
        Contract.of("Who the token says that the caller is")
            .answers(
                200,
                Shape.object(
                    has("tenant", Shape.text()),
                    has("subject", Shape.text()),
                    has("roles", Shape.list(Shape.text())),
                    has("permissions", Shape.list(Shape.text()))),
                """
                {"tenant": "acme", "subject": "ann", "roles": ["support"],
                 "permissions": ["flow:execute:support-*", "flow:read"]}
                """));
    all.put(
        Route.OPENAPI,
        Contract.of("This document")
            .answers(200, Shape.map(), "{\"openapi\": \"3.1.0\"}", "Cache-Control"));
    all.put(
        Route.FLOW_SCHEMA,
        Contract.of("The JSON Schema of the flow language, for editors")
            .answersJson(200, "application/schema+json", Shape.map(), "Cache-Control"));
    Shape health =
        Shape.object(
            has("status", Shape.word("ok", "unavailable")),
            has("database", STATE),
            has("cache", STATE));
    all.put(
        Route.HEALTH,
        Contract.of("Whether this deployment can work")
            .answers(200, health, "{\"status\": \"ok\", \"database\": \"up\", \"cache\": \"up\"}")
            .answers(
                503,
                health,
                "{\"status\": \"unavailable\", \"database\": \"down\", \"cache\": \"up\"}"));
  }
}
