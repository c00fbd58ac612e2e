package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;

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
              has("definition", Shape.map()))
          .named("Adapter");

  private static final String ADAPTER_EXAMPLE =
      """
      {"name": "billing", "title": "Billing", "type": "http", "default_action": "charge",
       "actions": ["charge"], "built_in": false, "revision": 1,
       "updated_at": "2026-01-31T12:00:00Z", "definition": {"adapter": "billing"}}
      """;

  private static final Shape PUT = LINE.and(has("revision", Shape.whole())).named("AdapterPut");

  private static final String PUT_EXAMPLE =
      """
      {"name": "billing", "title": "Billing", "type": "http", "default_action": "charge",
       "actions": ["charge"], "revision": 1}
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
  }
}
