package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of versions, routes, the step library and templates. */
final class CatalogContracts {
  private static final Shape VERSION_OR_DRAFT =
      Shape.text("^(draft|[0-9]+\\.[0-9]+\\.[0-9]+.*)$").upTo(100);

  static final Shape ROUTE =
      Shape.object(has("stable", Shape.text().orNull()), has("canary", Shape.map().orNull()))
          .named("FlowRoute");

  private static final Shape SHARE =
      Shape.object(
              has("rate", Shape.number().orNull()),
              has("low", Shape.number()),
              has("high", Shape.number()))
          .named("Share");

  private static final Shape VARIANT =
      Shape.object(
              has("version", Shape.text()),
              has("runs", Shape.whole()),
              has("failures", Shape.whole()),
              has("error_rate", SHARE),
              has("goals", Shape.whole().orNull()),
              has("goal_rate", SHARE.orNull()))
          .named("Variant");

  static final Shape TRIAL =
      Shape.object(
              has("stable", Shape.text()),
              has("version", Shape.text()),
              has("goal", Shape.text().orNull()),
              has("error_rate", Shape.number().orNull()),
              has("min_runs", Shape.whole().orNull()),
              has("began_at", Shape.time()),
              has("began_by", Shape.text()),
              has("ended_at", Shape.time().orNull()),
              has("outcome", Shape.word("promoted", "ended", "rolled_back").orNull()),
              has("note", Shape.text()),
              has("variants", Shape.list(VARIANT)))
          .named("Trial");

  private static final Shape COUNTS =
      Shape.list(Shape.object(has("value", Shape.text()), has("count", Shape.whole())));

  static final Shape FACETS =
      Shape.object(
              has("category", COUNTS),
              has("tag", COUNTS),
              has("owner", COUNTS),
              has("status", COUNTS))
          .named("Facets");

  private static final Shape VERSION_LINE =
      Shape.object(
          has("flow", Shapes.NAME),
          has("version", Shapes.VERSION),
          has("number", Shape.whole()),
          has("role", Shape.word("stable", "canary").orNull()),
          has("hash", Shape.text()),
          has("format", Shape.word("yaml", "json")),
          has("published_at", Shape.time()),
          has("published_by", Shape.text()));

  private static final String VERSION_EXAMPLE =
      """
      {"flow": "hello", "version": "1.0.0", "number": 1, "role": "stable", "hash": "5f1d...",
       "format": "yaml", "published_at": "2026-01-31T12:00:00Z", "published_by": "ann"}
      """;

  private static final Shape CHANGE =
      Shape.object(
              has("path", Shape.text()),
              has("change", Shape.word("added", "removed", "changed")),
              has("before", Shape.anything()),
              has("after", Shape.anything()))
          .named("FieldChange");

  private static final Shape PLACE =
      Shape.object(
              has("path", Shape.text()), has("line", Shape.whole()), has("body", Shape.anything()))
          .named("StepPlace");

  private static final Shape DIFF =
      Shape.object(
              has("flow", Shapes.NAME),
              has("from", Shape.text()),
              has("to", Shape.text()),
              has(
                  "steps",
                  Shape.list(
                          Shape.object(
                              has("id", Shape.text()),
                              has("change", Shape.word("added", "removed", "changed", "moved")),
                              has("moved", Shape.flag()),
                              has("parent", Shape.text()),
                              has("from", PLACE.orNull()),
                              has("to", PLACE.orNull()),
                              has("fields", Shape.list(CHANGE))))
                      .orNull()),
              has("settings", Shape.list(CHANGE).orNull()),
              has("names", Shape.list(CHANGE)),
              has("text", Shape.text()))
          .named("FlowDiff");

  private static final Shape ROUTED =
      Shape.object(
              has("flow", Shapes.NAME),
              has("revision", Shape.whole()),
              has("route", ROUTE),
              has("previous", Shape.text().orNull()))
          .named("Routed");

  private static final String ROUTED_EXAMPLE =
      """
      {"flow": "hello", "revision": 3, "route": {"stable": "1.0.1", "canary": null},
       "previous": "1.0.0"}
      """;

  private static final String ROUTE_EXAMPLE =
      """
      {"stable": "1.0.0", "canary": {"version": "1.0.1", "percent": 10, "key": "$input.customer",
       "rollback": {"error_rate": "5%", "min_runs": 100}}}
      """;

  private CatalogContracts() {}

  static void into(Map<Route, Contract> all) {
    versions(all);
    routes(all);
  }

  private static void versions(Map<Route, Contract> all) {
    all.put(
        Route.LIST_VERSIONS,
        Contract.of("The versions of a flow, the newest first")
            .lists(VERSION_LINE.named("VersionLine"), VERSION_EXAMPLE));
    all.put(
        Route.GET_VERSION,
        Contract.of("A version, which never changes")
            .where("version", Shape.text(100))
            .answers(
                200,
                VERSION_LINE
                    .and(has("source", Shape.text()), has("names", Shape.map()))
                    .named("Version"),
                VERSION_EXAMPLE
                    .strip()
                    .replaceAll("}$", ", \"source\": \"flow: hello\", \"names\": {}}"),
                "ETag")
            .orAs(Contract.YAML));
    all.put(
        Route.DIFF_FLOW,
        Contract.of("What changed between two versions, or up to the draft")
            .where("from", VERSION_OR_DRAFT.orEmpty())
            .where("to", VERSION_OR_DRAFT.orEmpty())
            .answers(
                200,
                DIFF,
                """
                {"flow": "hello", "from": "1.0.0", "to": "1.0.1", "steps": [],
                 "settings": [{"path": "/title", "change": "changed", "before": "A", "after": "B"}],
                 "names": [], "text": "--- hello 1.0.0\\n+++ hello 1.0.1\\n"}
                """));
    all.put(
        Route.FLOW_FACETS,
        Contract.of("What a flow is filed under, and how many flows are")
            .answers(
                200,
                Shape.object(has("flow", Shapes.NAME), has("facets", FACETS)),
                """
                {"flow": "hello", "facets": {"category": [{"value": "demo", "count": 3}],
                 "tag": [], "owner": [], "status": [{"value": "active", "count": 7}]}}
                """,
                "ETag"));
  }

  private static void routes(Map<Route, Contract> all) {
    all.put(
        Route.RETIRE_FLOW,
        Contract.of("Retire a flow that no other one uses")
            .answersNothing(204, "ETag")
            .conditional()
            .refuses(409));
    all.put(
        Route.ROUTE_FLOW,
        Contract.of("Say which versions starts take")
            .takesDefinition(ROUTE_EXAMPLE)
            .answers(200, ROUTED, ROUTED_EXAMPLE, "ETag")
            .conditional()
            .refuses(409));
    Shape version = Shape.object(has("version", Shape.text()));
    all.put(
        Route.ACTIVATE_FLOW,
        Contract.of("Let all starts take a version")
            .takes(version, "{\"version\": \"1.0.1\"}")
            .answers(200, ROUTED, ROUTED_EXAMPLE, "ETag")
            .conditional()
            .refuses(409));
    all.put(
        Route.ROLLBACK_FLOW,
        Contract.of("Let all starts take an earlier version again")
            .mayTake(
                Shape.object(may("version", Shape.text().orNull())), "{\"version\": \"1.0.0\"}")
            .answers(200, ROUTED, ROUTED_EXAMPLE, "ETag")
            .conditional()
            .refuses(409));
    all.put(
        Route.CLONE_FLOW,
        Contract.of("Make a new flow with the text of another one")
            .takes(
                Shape.object(has("name", Shapes.NAME), may("version", Shape.text().orNull())),
                "{\"name\": \"hello-again\"}")
            .answers(
                201, FlowContracts.PUBLISHED, FlowContracts.PUBLISHED_EXAMPLE, "Location", "ETag")
            .once()
            .refuses(409));
  }
}
