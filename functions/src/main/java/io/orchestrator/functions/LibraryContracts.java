package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Field;
import io.orchestrator.functions.openapi.Shape;
import java.util.Map;

/** The contracts of {@code /steps} and {@code /templates}. */
final class LibraryContracts {
  private static final Shape STEP =
      Shape.object(
          has("name", Shapes.NAME),
          has("description", Shape.text()),
          has("revision", Shape.whole()),
          has("updated_at", Shape.time()),
          has("updated_by", Shape.text()));

  private static final String STEP_EXAMPLE =
      """
      {"name": "greet", "description": "Says hello", "revision": 1,
       "updated_at": "2026-01-31T12:00:00Z", "updated_by": "ann"}
      """;

  private static final Shape TEMPLATE =
      Shape.object(
          has("name", Shapes.NAME),
          has("title", Shape.text()),
          has("description", Shape.text()),
          has("parameters", Shape.map()),
          has("revision", Shape.whole()),
          has("updated_at", Shape.time()),
          has("updated_by", Shape.text()));

  private static final String TEMPLATE_EXAMPLE =
      """
      {"name": "desk", "title": "A support desk", "description": "",
       "parameters": {"type": "object", "properties": {"team": {"type": "string"}}},
       "revision": 1, "updated_at": "2026-01-31T12:00:00Z", "updated_by": "ann"}
      """;

  private static final Field DEFINITION = has("definition", Shape.anything());
  private static final Field SOURCE = has("source", Shape.text().orNull());

  private LibraryContracts() {}

  static void into(Map<Route, Contract> all) {
    steps(all);
    templates(all);
  }

  private static String with(String example, String more) {
    return example.strip().replaceAll("}$", ", ") + more + "}";
  }

  private static void steps(Map<Route, Contract> all) {
    all.put(
        Route.LIST_STEPS,
        Contract.of("The step library").lists(STEP.named("LibraryStepLine"), STEP_EXAMPLE));
    all.put(
        Route.GET_STEP,
        Contract.of("A step of the library")
            .answers(
                200,
                STEP.and(DEFINITION, SOURCE, has("used_by", Shape.list(Shapes.NAME)))
                    .named("LibraryStep"),
                with(
                    STEP_EXAMPLE,
                    "\"definition\": {\"set\": {\"a\": 1}}, \"source\": null, \"used_by\": []"),
                "ETag")
            .orAs(Contract.YAML));
    Shape put = STEP.and(has("warnings", Shapes.FAULTS)).named("LibraryStepPut");
    String example = with(STEP_EXAMPLE, "\"warnings\": []");
    all.put(
        Route.PUT_STEP,
        Contract.of("Put a step into the library, or change it")
            .takesAnyText("{\"set\": {\"text\": \"$with.name\"}}")
            .answers(200, put, example, "Location", "ETag")
            .answers(201, put, example, "Location", "ETag")
            .conditional());
    all.put(
        Route.DELETE_STEP,
        Contract.of("Take a step that nobody uses out of the library")
            .answersNothing(204)
            .conditional()
            .refuses(409));
  }

  private static void templates(Map<Route, Contract> all) {
    all.put(
        Route.LIST_TEMPLATES,
        Contract.of("The templates of flows")
            .lists(TEMPLATE.named("TemplateLine"), TEMPLATE_EXAMPLE));
    all.put(
        Route.GET_TEMPLATE,
        Contract.of("A template")
            .answers(
                200,
                TEMPLATE.and(DEFINITION, SOURCE).named("Template"),
                with(
                    TEMPLATE_EXAMPLE, "\"definition\": {\"template\": \"desk\"}, \"source\": null"),
                "ETag")
            .orAs(Contract.YAML));
    all.put(
        Route.PUT_TEMPLATE,
        Contract.of("Put a template there, or change it")
            .takesDefinition(
                """
                {"template": "desk", "parameters": {"team": "string"},
                 "flow": {"title": "The desk of {{team}}", "steps": [{"a": {"set": {"x": 1}}}]}}
                """)
            .answers(200, TEMPLATE.named("TemplateLine"), TEMPLATE_EXAMPLE, "Location", "ETag")
            .answers(201, TEMPLATE.named("TemplateLine"), TEMPLATE_EXAMPLE, "Location", "ETag")
            .conditional());
    all.put(
        Route.DELETE_TEMPLATE,
        Contract.of("Take a template away; the flows made from it stay")
            .answersNothing(204)
            .conditional());
    all.put(
        Route.INSTANTIATE_TEMPLATE,
        Contract.of("Make a flow of a template")
            .takes(
                Shape.object(has("name", Shapes.NAME), may("parameters", Shape.map())),
                "{\"name\": \"desk-red\", \"parameters\": {\"team\": \"red\"}}")
            .answers(
                201, FlowContracts.PUBLISHED, FlowContracts.PUBLISHED_EXAMPLE, "Location", "ETag")
            .once()
            .refuses(409));
  }
}
