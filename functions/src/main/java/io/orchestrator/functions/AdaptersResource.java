package io.orchestrator.functions;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.catalog.TenantAdapters;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Spot;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /adapters}: definitions as data. */
final class AdaptersResource {
  private final TenantAdapters own;
  private final Definitions usable;
  private final Set<String> types;

  /**
   * @param own those that tenants have defined
   * @param usable those and the built-in ones
   * @param types that can be called here
   */
  AdaptersResource(TenantAdapters own, Definitions usable, Set<String> types) {
    this.own = own;
    this.usable = usable;
    this.types = types;
  }

  Reply list(Visit visit) {
    int limit = visit.query().limit();
    String after = Page.after(visit.query());
    List<Map<String, Object>> rest =
        usable.all(visit.tenant()).stream()
            .filter(definition -> definition.adapter().compareTo(after) > 0)
            .sorted(Comparator.comparing(Definition::adapter))
            .limit(limit + 1L)
            .map(AdaptersResource::line)
            .toList();
    List<Map<String, Object>> page = rest.subList(0, Math.min(limit, rest.size()));
    return Page.of(page, rest.size() > limit ? (String) page.getLast().get("name") : null);
  }

  private static Map<String, Object> line(Definition definition) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", definition.adapter());
    data.put("title", definition.title());
    data.put("type", definition.type());
    data.put("default_action", definition.defaultAction());
    data.put("actions", List.copyOf(definition.actions().keySet()));
    return data;
  }

  Reply get(Visit visit) {
    String name = visit.path().get("name");
    Optional<io.orchestrator.store.Definition> row =
        stored(visit.tenant(), name).filter(found -> !found.isDeleted());
    Definition definition = usable.find(visit.tenant(), name);
    if (definition == null) {
      throw Refusal.notFound("There is no adapter " + name);
    }
    String etag = row.map(found -> Preconditions.etag(found.revision())).orElse("");
    boolean asWritten =
        visit.request().header("accept").contains("yaml")
            && row.isPresent()
            && row.get().source() != null;
    if (asWritten) {
      return Reply.text(200, "application/yaml", row.get().source()).with("etag", etag);
    }
    Map<String, Object> data = line(definition);
    data.put("built_in", row.isEmpty());
    data.put("revision", row.map(found -> (long) found.revision()).orElse(0L));
    data.put("updated_at", row.map(found -> found.updatedAt().toString()).orElse(null));
    data.put("definition", definition.data());
    return Reply.json(200, data).with("etag", etag);
  }

  Reply put(Visit visit) {
    String name = visit.path().get("name");
    Body.Definition body = Body.definition(visit.request());
    Definition definition = read(body.text(), name);
    Optional<io.orchestrator.store.Definition> row = stored(visit.tenant(), name);
    int newest = row.map(io.orchestrator.store.Definition::revision).orElse(0);
    boolean exists = row.isPresent() && !row.get().isDeleted();
    Preconditions.check(visit.request(), "the adapter " + name, exists ? newest : 0);
    String source = new String(body.text(), StandardCharsets.UTF_8);
    io.orchestrator.store.Definition put =
        own.put(visit.tenant(), definition, newest, source, visit.caller().subject())
            .orElseThrow(() -> Preconditions.stale("the adapter " + name, newest + 1));
    Map<String, Object> data = line(definition);
    data.put("revision", (long) put.revision());
    return Reply.json(exists ? 200 : 201, data)
        .with("location", "/adapters/" + name)
        .with("etag", Preconditions.etag(put.revision()));
  }

  private Optional<io.orchestrator.store.Definition> stored(String tenant, String name) {
    return own.row(tenant, name);
  }

  private Definition read(byte[] text, String name) {
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    if (document == null) {
      throw Refusal.invalid(problems.errors());
    }
    if (!(document.root() instanceof Node.Mapping map)) {
      throw Refusal.invalid(
          "wrong_type", "An adapter's definition must be a map", "begin with adapter: " + name);
    }
    @SuppressWarnings("unchecked") // a map's data has string keys
    DefinitionReader.Reading reading =
        DefinitionReader.readStrictly((Map<String, Object>) map.data());
    if (reading.definition() == null) {
      throw Refusal.invalid(
          reading.problems().stream().map(problem -> located(problem, map)).toList());
    }
    Definition definition = reading.definition();
    if (!definition.adapter().equals(name)) {
      String message =
          "the definition is of '" + definition.adapter() + "', the address says '" + name + "'";
      throw Refusal.invalid(
          List.of(
              at(
                  new Problem("name_mismatch", "/adapter", 0, 0, message, "write adapter: " + name),
                  map)));
    }
    if (!types.contains(definition.type())) {
      String message = "adapters of type '" + definition.type() + "' cannot be called here";
      throw Refusal.invalid(
          List.of(
              at(
                  new Problem(
                      "unknown_type",
                      "/type",
                      0,
                      0,
                      message,
                      Nearest.hint(definition.type(), types)),
                  map)));
    }
    return definition;
  }

  private static Problem located(Problem problem, Node.Mapping map) {
    return problem.line() > 0 ? problem : at(problem, map);
  }

  /**
   * The problem with the line and column of the nearest part of the text that its path leads to.
   */
  private static Problem at(Problem problem, Node.Mapping root) {
    Node node = root;
    Spot spot = root.spot();
    for (String part :
        problem.path().isEmpty() ? new String[0] : problem.path().substring(1).split("/")) {
      String key = part.replace("~1", "/").replace("~0", "~");
      if (!(node instanceof Node.Mapping map) || !map.entries().containsKey(key)) {
        break;
      }
      spot = map.entries().get(key).spot();
      node = map.get(key);
    }
    return new Problem(
        problem.code(),
        problem.path(),
        spot.line(),
        spot.column(),
        problem.message(),
        problem.hint());
  }
}
