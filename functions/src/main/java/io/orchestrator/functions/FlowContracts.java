package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of {@code /flows}. */
final class FlowContracts {
  private static final String DEFINITION =
      """
      {"flow": "hello", "steps": [{"greet": {"set": {"text": "hello"}}}]}
      """;

  static final String PUBLISHED_EXAMPLE =
      """
      {"flow": "hello", "version": "1.0.0", "hash": "5f1d...", "warnings": []}
      """;

  static final Shape PUBLISHED =
      Shape.either(
              Shape.object(
                  has("flow", Shapes.NAME),
                  has("version", Shapes.VERSION),
                  has("hash", Shape.text()),
                  has("warnings", Shapes.FAULTS)),
              Shape.object(
                  has("flow", Shapes.NAME),
                  has("version", Shape.text().orNull()),
                  has("draft", Shape.flag()),
                  has("errors", Shapes.FAULTS),
                  has("warnings", Shapes.FAULTS)))
          .named("Published");

  private static final Shape STATUS = Shape.word("draft", "active", "inactive", "retired");

  private static final Shape LINE =
      Shape.object(
          has("flow", Shapes.NAME),
          has("version", Shape.text().orNull()),
          has("status", STATUS),
          has("title", Shape.text()),
          has("description", Shape.text()),
          has("category", Shape.text()),
          has("tags", Shape.list(Shape.text())),
          has("owner", Shape.text()),
          has("revision", Shape.whole()),
          has("updated_at", Shape.time()));

  private static final String LINE_EXAMPLE =
      """
      {"flow": "hello", "version": "1.0.0", "status": "active", "title": "Hello", "description": "", "category": "demo",
       "tags": [], "owner": "ann", "revision": 1, "updated_at": "2026-01-31T12:00:00Z"}
      """;

  private static final Shape FLOW =
      LINE.and(
              has("latest", Shape.text().orNull()),
              has("route", CatalogContracts.ROUTE),
              has("previous", Shape.text().orNull()),
              has("trial", CatalogContracts.TRIAL.orNull()),
              has("schedules", Shape.list(ScheduleContracts.SCHEDULE)),
              has("draft", Shape.text().orNull()),
              has("created_at", Shape.time()),
              has("updated_by", Shape.text()),
              may("hash", Shape.text()),
              may("format", Shape.word("yaml", "json")),
              may("source", Shape.text()),
              may("published_at", Shape.time()),
              may("published_by", Shape.text()))
          .named("Flow");

  private static final String FLOW_EXAMPLE =
      """
      {"flow": "hello", "version": "1.0.0", "status": "active", "title": "Hello", "description": "", "category": "demo",
       "tags": [], "owner": "ann", "revision": 1, "updated_at": "2026-01-31T12:00:00Z",
       "latest": "1.0.0", "route": {"stable": "1.0.0", "canary": null}, "previous": null,
       "trial": null, "schedules": [], "draft": null,
       "created_at": "2026-01-31T12:00:00Z", "updated_by": "ann", "hash": "5f1d...",
       "format": "yaml", "source": "flow: hello", "published_at": "2026-01-31T12:00:00Z",
       "published_by": "ann"}
      """;

  private static final Shape VALIDATION =
      Shape.object(
              has("valid", Shape.flag()),
              has("errors", Shapes.FAULTS),
              has("warnings", Shapes.FAULTS),
              has(
                  "graph",
                  Shape.object(
                      has("nodes", Shape.list(Shape.map())),
                      has("edges", Shape.list(Shape.map())))))
          .named("Validation");

  private FlowContracts() {}

  static void into(Map<Route, Contract> all) {
    all.put(
        Route.PUBLISH_FLOW,
        Contract.of("Publish the first version of a new flow, or keep a draft of it")
            .takesDefinition(DEFINITION)
            .answers(201, PUBLISHED, PUBLISHED_EXAMPLE, "Location", "ETag")
            .once()
            .refuses(409));
    all.put(
        Route.LIST_FLOWS,
        Contract.of("Find flows, and what the search could be narrowed by")
            .where("status", STATUS)
            .where("category", Shape.text(Limits.SEARCH_CHARS_MAX))
            .where("tag", Shape.text(Limits.SEARCH_CHARS_MAX))
            .where("owner", Shape.text(Limits.SEARCH_CHARS_MAX))
            .where("facets", Shape.flag())
            .answers(
                200,
                Shape.page(LINE.named("FlowLine")).and(may("facets", CatalogContracts.FACETS)),
                "{\"items\": [" + LINE_EXAMPLE + "], \"next\": null}",
                "Link"));
    all.put(
        Route.VALIDATE_FLOW,
        Contract.of("Say everything about a text, and keep nothing")
            .takesAnyText(DEFINITION)
            .answers(
                200,
                VALIDATION,
                "{\"valid\": true, \"errors\": [], \"warnings\": [], \"graph\": {\"nodes\": [],"
                    + " \"edges\": []}}"));
    all.put(
        Route.GET_FLOW,
        Contract.of("A flow and the text of one of its versions")
            .where("version", Shapes.VERSION.orEmpty())
            .answers(200, FLOW, FLOW_EXAMPLE, "ETag")
            .orAs(Contract.YAML));
    all.put(
        Route.UPDATE_FLOW,
        Contract.of("Publish the next version of a flow, or its first, or keep a draft")
            .takesDefinition(DEFINITION)
            .answers(200, PUBLISHED, PUBLISHED_EXAMPLE, "Location", "ETag")
            .answers(201, PUBLISHED, PUBLISHED_EXAMPLE, "Location", "ETag")
            .conditional()
            .refuses(409, 422));
    all.put(
        Route.EXECUTE_FLOW,
        Contract.of("Start an execution, and perhaps wait for its end")
            .mayTake(
                Shape.object(may("input", Shape.anything())), "{\"input\": {\"name\": \"Ada\"}}")
            .answers(
                200, ExecutionContracts.EXECUTION, ExecutionContracts.EXAMPLE, "Location", "ETag")
            .answers(202, Shapes.STARTED, Shapes.STARTED_EXAMPLE, "Location")
            .once()
            .refuses(408, 409));
    RehearsalContracts.into(all);
  }
}
