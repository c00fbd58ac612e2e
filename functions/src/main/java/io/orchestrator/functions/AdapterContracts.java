package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of {@code /adapters}. */
final class AdapterContracts {
  private static final Shape LINE =
      Shape.object(
          has("name", Shape.text()),
          has("title", Shape.text()),
          has("type", Shape.text()),
          has("default_action", Shape.text().orNull()),
          has("actions", Shape.list(Shape.text())));

  private static final String LINE_EXAMPLE =
      """
      {"name": "billing", "title": "Billing", "type": "http", "default_action": "charge",
       "actions": ["charge"]}
      """;

  private static final Shape ADAPTER =
      LINE.and(
              has("built_in", Shape.flag()),
              has("revision", Shape.whole()),
              has("updated_at", Shape.time().orNull()),
              has("definition", Shape.map()),
              has("inputs", Shape.map().saying("What each action takes, as JSON Schema or null")))
          .named("Adapter");

  private static final String ADAPTER_EXAMPLE =
      """
      {"name": "billing", "title": "Billing", "type": "http", "default_action": "charge",
       "actions": ["charge"], "built_in": false, "revision": 1,
       "updated_at": "2026-01-31T12:00:00Z", "definition": {"adapter": "billing"},
       "inputs": {"charge": null}}
      """;

  private static final Shape PUT =
      LINE.and(has("revision", Shape.whole()), has("warnings", Shapes.FAULTS)).named("AdapterPut");

  private static final String PUT_EXAMPLE =
      """
      {"name": "billing", "title": "Billing", "type": "http", "default_action": "charge",
       "actions": ["charge"], "revision": 1, "warnings": []}
      """;

  private static final Shape REVISION =
      Shape.object(
              has("revision", Shape.whole()),
              has("updated_at", Shape.time()),
              has("updated_by", Shape.text()),
              has("deleted", Shape.flag()))
          .named("AdapterRevision");

  private static final String REVISION_EXAMPLE =
      """
      {"revision": 1, "updated_at": "2026-01-31T12:00:00Z", "updated_by": "ann", "deleted": false}
      """;

  private static final Shape ERROR =
      Shape.object(
          has("type", Shape.text()),
          has("message", Shape.text()),
          has("status", Shape.whole()),
          has("retryable", Shape.flag()),
          has("data", Shape.anything()),
          has("retry_after_ms", Shape.whole().orNull()));

  private static final Shape CALLED =
      Shape.object(
              has("adapter", Shape.text()),
              has("action", Shape.text()),
              has("status", Shape.word("done", "later", "failed")),
              has("served_by", Shape.text()),
              has("result", Shape.anything()),
              has("error", ERROR.orNull()),
              has("duration_ms", Shape.whole()))
          .named("AdapterCalled");

  private static final String CALLED_EXAMPLE =
      """
      {"adapter": "billing", "action": "charge", "status": "done", "served_by": "billing",
       "result": {"id": "c-1"}, "error": null, "duration_ms": 12}
      """;

  private AdapterContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.LIST_ADAPTERS,
        Contract.of("The adapters that flows can call")
            .lists(LINE.named("AdapterLine"), LINE_EXAMPLE));
    all.put(
        Route.GET_ADAPTER,
        Contract.of("An adapter and its definition")
            .answers(200, ADAPTER, ADAPTER_EXAMPLE, "ETag")
            .orAs(Contract.YAML));
    all.put(
        Route.PUT_ADAPTER,
        Contract.of("Define or change an adapter")
            .takesDefinition(
                """
                {"adapter": "billing", "type": "http", "base_url": "https://billing.example.com",
                 "actions": {"charge": {"method": "POST", "path": "/charges"}}}
                """)
            .answers(200, PUT, PUT_EXAMPLE, "Location", "ETag")
            .answers(201, PUT, PUT_EXAMPLE, "Location", "ETag")
            .conditional());
    all.put(
        Route.DELETE_ADAPTER,
        Contract.of("Delete an adapter that nobody uses")
            .answersNothing(204)
            .conditional()
            .refuses(409));
    all.put(
        Route.LIST_ADAPTER_REVISIONS,
        Contract.of("The revisions of an adapter, the newest first")
            .lists(REVISION, REVISION_EXAMPLE));
    all.put(
        Route.CALL_ADAPTER,
        Contract.of("Call an action of an adapter, without a flow")
            .mayTake(
                Shape.object(may("action", Shape.text()), may("params", Shape.map())),
                "{\"action\": \"charge\", \"params\": {\"amount\": 20}}")
            .answers(200, CALLED, CALLED_EXAMPLE));
  }
}
