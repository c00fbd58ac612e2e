package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Library;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /steps}: the steps that flows share. */
final class StepsResource {
  private final Library library;

  StepsResource(Library library) {
    this.library = library;
  }

  Reply list(Visit visit) {
    int limit = visit.query().limit();
    List<Definition> rows = library.list(visit.tenant(), Page.after(visit.query()), limit + 1);
    List<Definition> page = rows.subList(0, Math.min(limit, rows.size()));
    return Page.of(
        page.stream().map(StepsResource::line).toList(),
        rows.size() > limit ? page.getLast().name() : null);
  }

  private static Map<String, Object> line(Definition step) {
    Map<String, Object> data = new LinkedHashMap<>();
    Object body = Json.readStored(step.definition());
    boolean described = body instanceof Map<?, ?> map && map.get("description") instanceof String;
    data.put("name", step.name());
    data.put("description", described ? ((Map<?, ?>) body).get("description") : "");
    data.put("revision", (long) step.revision());
    data.put("updated_at", step.updatedAt().toString());
    data.put("updated_by", step.updatedBy());
    return data;
  }

  Reply get(Visit visit) {
    Definition step = living(visit).orElseThrow(() -> none(visit));
    String etag = Preconditions.etag(step.revision());
    if (visit.request().header("accept").contains("yaml") && step.source() != null) {
      return Reply.text(200, "application/yaml", step.source()).with("etag", etag);
    }
    Map<String, Object> data = line(step);
    data.put("definition", Json.readStored(step.definition()));
    data.put("source", step.source());
    data.put(
        "used_by",
        library.flowsUsing(visit.tenant(), step.name()).stream()
            .filter(flow -> visit.caller().may(Action.READ, flow))
            .toList());
    return Reply.json(200, data).with("etag", etag);
  }

  Reply put(Visit visit) {
    everywhere(visit, Action.UPDATE);
    byte[] text = Body.definition(visit.request()).text();
    int newest = newest(visit);
    boolean exists = living(visit).isPresent();
    Preconditions.check(visit.request(), "the step " + name(visit), exists ? newest : 0);
    return switch (library.put(
        visit.tenant(), name(visit), newest, text, visit.caller().subject())) {
      case Library.Change.Done done -> put(done.step(), done.warnings(), exists ? 200 : 201);
      case Library.Change.Stale stale ->
          throw Preconditions.stale("the step " + name(visit), stale.revision());
      case Library.Change.Invalid invalid -> throw Refusal.invalid(invalid.errors());
      case Library.Change.InUse used -> throw inUse(visit, used);
    };
  }

  private static Reply put(Definition step, List<Problem> warnings, int status) {
    Map<String, Object> data = line(step);
    data.put("warnings", warnings.stream().map(Problem::data).toList());
    return Reply.json(status, data)
        .with("location", "/steps/" + step.name())
        .with("etag", Preconditions.etag(step.revision()));
  }

  Reply delete(Visit visit) {
    everywhere(visit, Action.UPDATE);
    Definition step = living(visit).orElseThrow(() -> none(visit));
    Preconditions.check(visit.request(), "the step " + name(visit), step.revision());
    return switch (library.delete(
        visit.tenant(), name(visit), step.revision(), visit.caller().subject())) {
      case Library.Change.Done done -> Reply.none();
      case Library.Change.Stale stale ->
          throw Preconditions.stale("the step " + name(visit), stale.revision());
      case Library.Change.Invalid invalid -> throw Refusal.invalid(invalid.errors());
      case Library.Change.InUse used -> throw inUse(visit, used);
    };
  }

  /** A step of the library is no single flow's, so it takes a permission for all of them. */
  static void everywhere(Visit visit, Action action) {
    if (!visit.caller().may(action)) {
      throw Refusal.forbidden(action.text());
    }
  }

  private static Refusal inUse(Visit visit, Library.Change.InUse used) {
    List<String> all = new ArrayList<>(used.flows());
    used.steps().forEach(step -> all.add("the step " + step));
    return new Refusal(
            409, "in_use", "The step " + name(visit) + " is used by " + String.join(", ", all))
        .member("used_by", used.flows())
        .member("used_by_steps", used.steps());
  }

  private static String name(Visit visit) {
    return visit.path().get("name");
  }

  private int newest(Visit visit) {
    return library.get(visit.tenant(), name(visit)).map(Definition::revision).orElse(0);
  }

  private Optional<Definition> living(Visit visit) {
    return library.get(visit.tenant(), name(visit)).filter(step -> !step.isDeleted());
  }

  private static Refusal none(Visit visit) {
    return Refusal.notFound("There is no step " + name(visit) + " in the library");
  }
}
