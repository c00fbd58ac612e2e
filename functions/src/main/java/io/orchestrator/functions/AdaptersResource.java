package io.orchestrator.functions;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionText;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.Positions;
import io.orchestrator.catalog.TenantAdapters;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.FlowUses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /adapters}: definitions as data. */
final class AdaptersResource {
  private static final int USERS_MAX = 20;

  private final TenantAdapters own;
  private final Definitions usable;
  private final Set<String> types;
  private final DefinitionText texts;
  private final FlowUses uses;

  /**
   * @param own those that tenants have defined
   * @param usable those and the built-in ones
   * @param types that can be called here
   * @param texts reads definitions, and fetches their OpenAPI documents
   */
  AdaptersResource(
      TenantAdapters own,
      Definitions usable,
      Set<String> types,
      DefinitionText texts,
      FlowUses uses) {
    this.own = own;
    this.usable = usable;
    this.types = types;
    this.texts = texts;
    this.uses = uses;
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
    String revision = visit.query().text("revision", Limits.REVISION_DIGITS_MAX);
    if (!revision.isEmpty()) {
      return shown(visit, revision(visit, revision));
    }
    Optional<io.orchestrator.store.Definition> row = living(visit);
    if (row.isPresent()) {
      return shown(visit, row.get());
    }
    Definition builtIn = usable.find(visit.tenant(), name(visit));
    if (builtIn == null) {
      throw none(visit);
    }
    return Reply.json(200, data(builtIn, null));
  }

  private io.orchestrator.store.Definition revision(Visit visit, String revision) {
    if (!revision.matches("[1-9][0-9]{0,8}")) {
      throw Query.bad("revision", "must be a number from 1");
    }
    return own.row(visit.tenant(), name(visit), Integer.parseInt(revision))
        .filter(found -> !found.isDeleted())
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "There is no revision " + revision + " of the adapter " + name(visit)));
  }

  private Reply shown(Visit visit, io.orchestrator.store.Definition row) {
    String etag = Preconditions.etag(row.revision());
    if (visit.request().header("accept").contains("yaml") && row.source() != null) {
      return Reply.text(200, "application/yaml", row.source()).with("etag", etag);
    }
    Definition definition = own.read(row);
    if (definition == null) {
      throw Refusal.notFound(
          "The definition of " + name(visit) + " cannot be read here; get it as YAML");
    }
    return Reply.json(200, data(definition, row)).with("etag", etag);
  }

  /**
   * @param row null for one that is built in
   */
  private static Map<String, Object> data(
      Definition definition, io.orchestrator.store.Definition row) {
    Map<String, Object> data = line(definition);
    data.put("built_in", row == null);
    data.put("revision", row == null ? 0L : row.revision());
    data.put("updated_at", row == null ? null : row.updatedAt().toString());
    data.put("definition", definition.data());
    Map<String, Object> inputs = new LinkedHashMap<>();
    definition
        .actions()
        .forEach(
            (name, action) ->
                inputs.put(name, action.input() == null ? null : action.input().data()));
    data.put("inputs", inputs);
    return data;
  }

  Reply revisions(Visit visit) {
    int limit = visit.query().limit();
    String after = Page.after(visit.query());
    int below = after.matches("[0-9]{1,9}") ? Integer.parseInt(after) : Integer.MAX_VALUE;
    List<io.orchestrator.store.Definition> rows =
        own.revisions(visit.tenant(), name(visit), below, limit + 1);
    if (rows.isEmpty() && after.isEmpty()) {
      throw none(visit);
    }
    List<io.orchestrator.store.Definition> page = rows.subList(0, Math.min(limit, rows.size()));
    boolean more = rows.size() > limit;
    return Page.of(
        page.stream().map(AdaptersResource::revision).toList(),
        more ? Integer.toString(page.getLast().revision()) : null);
  }

  private static Map<String, Object> revision(io.orchestrator.store.Definition row) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("revision", (long) row.revision());
    data.put("updated_at", row.updatedAt().toString());
    data.put("updated_by", row.updatedBy());
    data.put("deleted", row.isDeleted());
    return data;
  }

  Reply put(Visit visit) {
    String name = name(visit);
    byte[] text = Body.definition(visit.request()).text();
    DefinitionText.Read read = read(text, name);
    Optional<io.orchestrator.store.Definition> row = own.row(visit.tenant(), name);
    int newest = row.map(io.orchestrator.store.Definition::revision).orElse(0);
    boolean exists = row.isPresent() && !row.get().isDeleted();
    Preconditions.check(visit.request(), "the adapter " + name, exists ? newest : 0);
    String source = new String(text, StandardCharsets.UTF_8);
    io.orchestrator.store.Definition put =
        own.put(
                visit.tenant(),
                read.definition(),
                read.stored(),
                newest,
                source,
                visit.caller().subject())
            .orElseThrow(() -> stale(visit));
    List<Problem> warnings = new ArrayList<>(read.warnings());
    warnings.addAll(missed(visit, read));
    Map<String, Object> data = line(read.definition());
    data.put("revision", (long) put.revision());
    data.put("warnings", warnings.stream().map(Problem::data).toList());
    return Reply.json(exists ? 200 : 201, data)
        .with("location", "/adapters/" + name)
        .with("etag", Preconditions.etag(put.revision()));
  }

  private Refusal stale(Visit visit) {
    int newest =
        own.row(visit.tenant(), name(visit))
            .map(io.orchestrator.store.Definition::revision)
            .orElse(0);
    return Preconditions.stale("the adapter " + name(visit), newest);
  }

  private DefinitionText.Read read(byte[] text, String name) {
    DefinitionText.Read read = texts.read(text);
    if (read.definition() == null) {
      throw Refusal.invalid(read.errors());
    }
    String written = read.definition().adapter();
    if (!written.equals(name)) {
      String message = "the definition is of '" + written + "', the address says '" + name + "'";
      throw refused(read, "name_mismatch", "/adapter", message, "write adapter: " + name);
    }
    String type = read.definition().type();
    if (!types.contains(type)) {
      String message = "adapters of type '" + type + "' cannot be called here";
      throw refused(read, "unknown_type", "/type", message, Nearest.hint(type, types));
    }
    return read;
  }

  private static Refusal refused(
      DefinitionText.Read read, String code, String path, String message, String hint) {
    Problem problem = new Problem(code, path, 0, 0, message, hint);
    return Refusal.invalid(List.of(Positions.placed(problem, read.root())));
  }

  /** Actions that flows call and that are not there any more. */
  private List<Problem> missed(Visit visit, DefinitionText.Read read) {
    List<Problem> missed = new ArrayList<>();
    String name = name(visit);
    uses.ofActions(visit.tenant(), name)
        .forEach(
            (action, flow) -> {
              if (!read.definition().actions().containsKey(action)) {
                String message =
                    "the flow '" + flow + "' calls " + name + "." + action + ", which is gone";
                String hint = Nearest.hint(action, read.definition().actions().keySet());
                Problem problem =
                    new Problem(Code.UNKNOWN_ACTION.text(), "/actions", 0, 0, message, hint);
                missed.add(Positions.placed(problem, read.root()));
              }
            });
    return missed;
  }

  Reply delete(Visit visit) {
    String name = name(visit);
    io.orchestrator.store.Definition row = living(visit).orElseThrow(() -> none(visit));
    Preconditions.check(visit.request(), "the adapter " + name, row.revision());
    List<String> flows = uses.ofAdapter(visit.tenant(), name);
    List<String> adapters = fallingBackOn(visit, name);
    if (!flows.isEmpty() || !adapters.isEmpty()) {
      List<String> all = new ArrayList<>(flows);
      adapters.forEach(adapter -> all.add("the adapter " + adapter));
      throw new Refusal(
              409, "in_use", "The adapter " + name + " is used by " + String.join(", ", all))
          .member("used_by", flows)
          .member("used_by_adapters", adapters);
    }
    if (own.delete(visit.tenant(), name, row.revision(), visit.caller().subject()).isEmpty()) {
      throw stale(visit);
    }
    return Reply.none();
  }

  /** Other adapters whose definitions name it as a fallback. */
  private List<String> fallingBackOn(Visit visit, String name) {
    return own.all(visit.tenant()).stream()
        .filter(other -> other.safeguards().fallback().contains(name))
        .map(Definition::adapter)
        .filter(other -> !other.equals(name))
        .sorted()
        .limit(USERS_MAX)
        .toList();
  }

  private static String name(Visit visit) {
    return visit.path().get("name");
  }

  private Optional<io.orchestrator.store.Definition> living(Visit visit) {
    return own.row(visit.tenant(), name(visit)).filter(row -> !row.isDeleted());
  }

  private static Refusal none(Visit visit) {
    return Refusal.notFound("There is no adapter " + name(visit));
  }
}
