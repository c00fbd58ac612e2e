package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.Draft;
import io.orchestrator.catalog.Publication;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /flows}: publishing, finding, validating and starting them. */
final class FlowsResource {
  private final Catalog catalog;
  private final Engine engine;
  private final ExecutionsResource executions;
  private final RehearsalsResource rehearsals;
  private final SchedulesResource schedules;

  FlowsResource(
      Catalog catalog,
      Engine engine,
      ExecutionsResource executions,
      RehearsalsResource rehearsals,
      SchedulesResource schedules) {
    this.catalog = catalog;
    this.engine = engine;
    this.executions = executions;
    this.rehearsals = rehearsals;
    this.schedules = schedules;
  }

  Reply publish(Visit visit) {
    String key = IdempotencyKeys.read(visit.request());
    Draft draft = draft(visit);
    FlowName.of(draft).ifPresent(name -> visit.need(Action.CREATE, name));
    rehearsals.gate(visit, draft);
    Draft asked = key.isEmpty() ? draft : once(key, draft);
    return answer(catalog.create(visit.tenant(), asked), 201);
  }

  /** The same request is the same text with the same wishes. */
  static Draft once(String key, Draft draft) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("text", new String(draft.text(), StandardCharsets.UTF_8));
    request.put("format", draft.format());
    request.put("draft", draft.asDraft());
    request.put("activate", draft.activate());
    Draft.Once once =
        new Draft.Once(
            IdempotencyKeys.of("api:flows", key, Json.canonical(request), Limits.KEY_KEPT),
            made -> answer(made, 201).body());
    return new Draft(
        draft.text(), draft.format(), draft.by(), draft.asDraft(), draft.activate(), once);
  }

  Reply update(Visit visit) {
    String name = visit.path().get("flow");
    Draft draft = draft(visit);
    Optional<FlowRow> known = catalog.get(visit.tenant(), name);
    int revision = known.map(FlowRow::revision).orElse(0);
    Preconditions.check(visit.request(), "the flow " + name, revision);
    int expected = visit.request().header("if-match").contains("*") ? FlowRows.ANY : revision;
    rehearsals.gate(visit, draft);
    return answer(catalog.update(visit.tenant(), name, expected, draft), revision == 0 ? 201 : 200);
  }

  private static Draft draft(Visit visit) {
    Body.Definition definition = Body.definition(visit.request());
    boolean asDraft = visit.query().flag("draft", false);
    boolean activate = visit.query().flag("activate", true);
    return new Draft(
        definition.text(), definition.format(), visit.caller().subject(), asDraft, activate);
  }

  static Reply answer(Publication publication, int done) {
    return switch (publication) {
      case Publication.Done d -> published(done, d.flow(), d.version(), d.hash(), d.warnings());
      case Publication.Same s -> published(200, s.flow(), s.version(), s.hash(), s.warnings());
      case Publication.Drafted d -> drafted(done, d);
      case Publication.Invalid invalid -> throw tooLargeOr(invalid.errors());
      case Publication.NameTaken taken ->
          throw new Refusal(
                  409, "name_taken", "There is a flow " + taken.flow().flow() + " already")
              .header("location", "/flows/" + taken.flow().flow());
      case Publication.Repeated repeated -> repeated(repeated.answer());
      case Publication.KeyReused ignored -> throw IdempotencyKeys.reused();
      case Publication.Stale stale -> throw Preconditions.stale("the flow", stale.revision());
      case Publication.VersionNotAbove v ->
          throw new Refusal(
              409,
              "version_not_above",
              "The version " + v.version() + " is not above the latest one, " + v.latest());
      case Publication.HookTaken hook -> throw FlowView.hookTaken(hook.path(), hook.flow());
    };
  }

  /** As it was answered when the flow was made, at its first revision. */
  private static Reply repeated(String answer) {
    Object flow = ((Map<?, ?>) Json.readStored(answer)).get("flow");
    return Reply.text(201, Reply.JSON, answer)
        .with("location", "/flows/" + flow)
        .with("etag", Preconditions.etag(1));
  }

  private static Refusal tooLargeOr(List<Problem> errors) {
    return errors.size() == 1 && errors.getFirst().code().equals("too_large")
        ? new Refusal(413, "too_large", errors.getFirst().message())
        : Refusal.invalid(errors);
  }

  private static Reply published(
      int status, FlowRow flow, String version, String hash, List<Problem> warnings) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow.flow());
    data.put("version", version);
    data.put("hash", hash);
    data.put("warnings", warnings.stream().map(Problem::data).toList());
    return located(status, flow, data);
  }

  private static Reply drafted(int status, Publication.Drafted drafted) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", drafted.flow().flow());
    data.put("version", drafted.flow().latest());
    data.put("draft", true);
    data.put("errors", drafted.errors().stream().map(Problem::data).toList());
    data.put("warnings", drafted.warnings().stream().map(Problem::data).toList());
    return located(status, drafted.flow(), data);
  }

  private static Reply located(int status, FlowRow flow, Map<String, Object> data) {
    return Reply.json(status, data)
        .with("location", "/flows/" + flow.flow())
        .with("etag", Preconditions.etag(flow.revision()));
  }

  Reply validate(Visit visit) {
    return Reply.json(200, catalog.validate(visit.tenant(), Body.text(visit.request())).data());
  }

  Reply get(Visit visit) {
    String name = visit.path().get("flow");
    FlowRow flow = catalog.get(visit.tenant(), name).orElseThrow(() -> noFlow(name));
    String wanted = visit.query().text("version", Limits.SEARCH_CHARS_MAX);
    String version = wanted.isEmpty() ? FlowView.current(flow) : wanted;
    Optional<FlowRow.Version> text =
        version == null ? Optional.empty() : catalog.text(visit.tenant(), name, version);
    if (text.isEmpty() && !wanted.isEmpty()) {
      throw FlowView.noVersion(name, wanted);
    }
    String etag = Preconditions.etag(flow.revision());
    if (visit.request().header("accept").contains("yaml")) {
      String source = text.map(FlowRow.Version::source).orElse(flow.draft());
      return Reply.text(200, "application/yaml", source).with("etag", etag);
    }
    Map<String, Object> data = FlowView.whole(flow, text);
    data.put("trial", FlowView.trial(catalog.trials().latest(visit.tenant(), name).orElse(null)));
    data.put("schedules", schedules(visit.tenant(), flow));
    return Reply.json(200, data).with("etag", etag);
  }

  /** What starts it by itself; asked only for a flow that has any. */
  private List<Map<String, Object>> schedules(String tenant, FlowRow flow) {
    boolean any =
        flow.stable() != null
            && catalog.published(tenant, flow.flow(), flow.stable()).stream()
                .flatMap(published -> published.triggers().stream())
                .anyMatch(Trigger.Schedule.class::isInstance);
    return any ? schedules.of(tenant, flow.flow()) : List.of();
  }

  Reply execute(Visit visit) {
    String name = visit.path().get("flow");
    String key = IdempotencyKeys.read(visit.request());
    java.time.Duration wait = visit.query().waiting();
    Map<String, Object> body = Body.object(visit.request(), List.of("input"));
    Object input = body.containsKey("input") ? body.get("input") : Map.of();
    StartRequest request =
        new StartRequest(
            visit.tenant(),
            name,
            null,
            input,
            null,
            IdempotencyKeys.of("api", key, request(name, input), Limits.KEY_KEPT),
            visit.request().trace());
    return switch (engine.start(request)) {
      case Start.Accepted a ->
          executions.started(visit, a.id(), a.flow(), a.version(), a.status(), wait);
      case Start.Repeated r ->
          executions.started(visit, r.id(), r.flow(), r.version(), r.status(), wait);
      case Start.KeyReused ignored -> throw IdempotencyKeys.reused();
      case Start.NoSuchFlow ignored -> throw noFlow(name);
      case Start.NoRoom full -> throw Refusal.noRoom(full.limit());
      case Start.BadInput bad -> throw Refusal.invalid(bad.problems());
    };
  }

  private static String request(String flow, Object input) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("flow", flow);
    request.put("input", input);
    return Json.canonical(request);
  }

  private static Refusal noFlow(String name) {
    return Refusal.notFound("There is no published flow " + name);
  }
}
