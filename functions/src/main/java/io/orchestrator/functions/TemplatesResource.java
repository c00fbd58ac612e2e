package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.Copy;
import io.orchestrator.catalog.Draft;
import io.orchestrator.catalog.Templates;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Definition;
import io.orchestrator.store.FlowRow;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /templates} and {@code /flows/{flow}/clone}: flows that are made of something. */
final class TemplatesResource {
  private final Catalog catalog;
  private final Templates templates;

  TemplatesResource(Catalog catalog, Templates templates) {
    this.catalog = catalog;
    this.templates = templates;
  }

  Reply list(Visit visit) {
    int limit = visit.query().limit();
    List<Definition> rows = templates.list(visit.tenant(), Page.after(visit.query()), limit + 1);
    List<Definition> page = rows.subList(0, Math.min(limit, rows.size()));
    return Page.of(
        page.stream().map(TemplatesResource::line).toList(),
        rows.size() > limit ? page.getLast().name() : null);
  }

  private static Map<String, Object> line(Definition template) {
    Map<String, Object> data = Templates.about(template);
    data.put("revision", (long) template.revision());
    data.put("updated_at", template.updatedAt().toString());
    data.put("updated_by", template.updatedBy());
    return data;
  }

  Reply get(Visit visit) {
    Definition template = living(visit).orElseThrow(() -> none());
    String etag = Preconditions.etag(template.revision());
    if (visit.request().header("accept").contains("yaml") && template.source() != null) {
      return Reply.text(200, "application/yaml", template.source()).with("etag", etag);
    }
    Map<String, Object> data = line(template);
    data.put("definition", Json.readStored(template.definition()));
    data.put("source", template.source());
    return Reply.json(200, data).with("etag", etag);
  }

  Reply put(Visit visit) {
    StepsResource.everywhere(visit, Action.UPDATE);
    byte[] text = Body.definition(visit.request()).text();
    Optional<Definition> row = templates.get(visit.tenant(), name(visit));
    int newest = row.map(Definition::revision).orElse(0);
    boolean exists = living(visit).isPresent();
    Preconditions.check(visit.request(), "the template " + name(visit), exists ? newest : 0);
    Templates.Change change =
        templates.put(visit.tenant(), name(visit), newest, text, visit.caller().subject());
    Definition put = done(visit, change);
    return Reply.json(exists ? 200 : 201, line(put))
        .with("location", "/templates/" + put.name())
        .with("etag", Preconditions.etag(put.revision()));
  }

  Reply delete(Visit visit) {
    StepsResource.everywhere(visit, Action.UPDATE);
    Definition template = living(visit).orElseThrow(() -> none());
    Preconditions.check(visit.request(), "the template " + name(visit), template.revision());
    Templates.Change change =
        templates.delete(
            visit.tenant(), name(visit), template.revision(), visit.caller().subject());
    done(visit, change);
    return Reply.none();
  }

  private static Definition done(Visit visit, Templates.Change change) {
    return switch (change) {
      case Templates.Change.Done done -> done.template();
      case Templates.Change.Stale stale ->
          throw Preconditions.stale("the template " + name(visit), stale.revision());
      case Templates.Change.Invalid invalid -> throw Refusal.invalid(invalid.errors());
    };
  }

  // -- making flows

  Reply instantiate(Visit visit) {
    String key = IdempotencyKeys.read(visit.request());
    Map<String, Object> body = Body.object(visit.request(), List.of("name", "parameters"));
    String flow = flowName(body);
    visit.need(Action.CREATE, flow);
    return switch (templates.use(visit.tenant(), name(visit), flow, parameters(body))) {
      case Templates.Use.Filled filled -> publish(visit, key, filled.text(), "json");
      case Templates.Use.NoTemplate ignored -> throw none();
      case Templates.Use.Misfit misfit -> throw Refusal.invalid(misfit.errors());
    };
  }

  /** A new flow with the text of another one, or of one of its versions. */
  Reply copy(Visit visit) {
    String key = IdempotencyKeys.read(visit.request());
    String source = visit.path().get("flow");
    Map<String, Object> body = Body.object(visit.request(), List.of("name", "version"));
    String flow = flowName(body);
    visit.need(Action.CREATE, flow);
    FlowRow row =
        catalog
            .get(visit.tenant(), source)
            .orElseThrow(() -> Refusal.notFound("There is no flow " + source));
    Copy copy = copy(visit, row, body.get("version"), flow);
    return publish(visit, key, copy.text(), copy.format());
  }

  private Copy copy(Visit visit, FlowRow row, Object wanted, String name) {
    if (wanted != null && !(wanted instanceof String)) {
      throw Refusal.invalid("wrong_type", "The version must be a text", "{\"version\": \"1.0.0\"}");
    }
    String version = wanted == null ? FlowView.current(row) : (String) wanted;
    if (version == null) {
      throw new Refusal(
          409, "not_published", "The flow " + row.flow() + " has no version to be cloned");
    }
    FlowRow.Version text =
        catalog
            .text(visit.tenant(), row.flow(), version)
            .orElseThrow(() -> FlowView.noVersion(row.flow(), version));
    return Copy.of(text.source(), text.format(), name);
  }

  private Reply publish(Visit visit, String key, String text, String format) {
    boolean asDraft = visit.query().flag("draft", false);
    boolean activate = visit.query().flag("activate", true);
    Draft draft =
        new Draft(
            text.getBytes(StandardCharsets.UTF_8),
            format,
            visit.caller().subject(),
            asDraft,
            activate);
    Draft asked = key.isEmpty() ? draft : FlowsResource.once(key, draft);
    return FlowsResource.answer(catalog.create(visit.tenant(), asked), 201);
  }

  private static String flowName(Map<String, Object> body) {
    if (body.get("name") instanceof String name && name.matches("[a-z][a-z0-9_-]{0,62}")) {
      return name;
    }
    throw Refusal.invalid(
        List.of(
            new Problem(
                body.containsKey("name") ? "bad_name" : "missing_key",
                "/name",
                0,
                0,
                "The new flow needs a name: lower-case letters, digits, _ and -, a letter first, at"
                    + " most 63",
                "{\"name\": \"my-flow\"}")));
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  private static Map<String, Object> parameters(Map<String, Object> body) {
    Object parameters = body.getOrDefault("parameters", new LinkedHashMap<String, Object>());
    if (parameters instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw Refusal.invalid("wrong_type", "The parameters must be an object", "");
  }

  private static String name(Visit visit) {
    return visit.path().get("template");
  }

  private Optional<Definition> living(Visit visit) {
    return templates.get(visit.tenant(), name(visit)).filter(found -> !found.isDeleted());
  }

  private static Refusal none() {
    return Refusal.notFound("There is no such template");
  }
}
