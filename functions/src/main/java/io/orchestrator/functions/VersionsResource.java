package io.orchestrator.functions;

import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.FlowDiff;
import io.orchestrator.expression.Json;
import io.orchestrator.store.FlowRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /flows/{flow}/versions} and {@code /diff}: what a flow was; also of a retired one. */
final class VersionsResource {
  private static final String DRAFT = "draft";

  private final Catalog catalog;

  VersionsResource(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The newest first. */
  Reply list(Visit visit) {
    FlowRow flow = flow(visit);
    int limit = visit.query().limit();
    int before = before(visit.query());
    List<FlowRow.Version> rows = catalog.versions(visit.tenant(), flow.flow(), before, limit + 1);
    List<FlowRow.Version> page = rows.subList(0, Math.min(limit, rows.size()));
    String last = rows.size() > limit ? String.valueOf(page.getLast().ordinal()) : null;
    return Page.of(page.stream().map(version -> line(flow, version)).toList(), last);
  }

  private static int before(Query query) {
    String after = Page.after(query);
    if (after.isEmpty()) {
      return Integer.MAX_VALUE;
    }
    if (!after.matches("[0-9]{1,9}")) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
    return Integer.parseInt(after);
  }

  private static Map<String, Object> line(FlowRow flow, FlowRow.Version version) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow.flow());
    data.put("version", version.version());
    data.put("number", (long) version.ordinal());
    data.put("role", FlowView.role(flow, version.version()));
    data.put("hash", version.hash());
    data.put("format", version.format());
    data.put("published_at", version.publishedAt().toString());
    data.put("published_by", version.publishedBy());
    return data;
  }

  /** One version with its text; it never changes, so its tag is its hash. */
  Reply get(Visit visit) {
    FlowRow flow = flow(visit);
    FlowRow.Version version = version(visit.tenant(), flow, visit.path().get("version"));
    String etag = "\"" + version.hash() + "\"";
    if (visit.request().header("accept").contains("yaml")) {
      return Reply.text(200, "application/yaml", version.source()).with("etag", etag);
    }
    Map<String, Object> data = line(flow, version);
    data.put("source", version.source());
    data.put("names", bindings(version));
    return Reply.json(200, data).with("etag", etag);
  }

  /**
   * What changed between two versions: by default the latest against the one before it, or the
   * draft against the latest.
   */
  Reply diff(Visit visit) {
    FlowRow flow = flow(visit);
    String to = visit.query().text("to", Limits.SEARCH_CHARS_MAX);
    String from = visit.query().text("from", Limits.SEARCH_CHARS_MAX);
    String newer = to.isEmpty() ? newest(flow) : to;
    String older = from.isEmpty() ? before(visit.tenant(), flow, newer) : from;
    return Reply.json(
        200,
        FlowDiff.of(
            flow.flow(), side(visit.tenant(), flow, older), side(visit.tenant(), flow, newer)));
  }

  private static String newest(FlowRow flow) {
    return flow.draft() == null ? flow.latest() : DRAFT;
  }

  private String before(String tenant, FlowRow flow, String version) {
    if (version.equals(DRAFT)) {
      return flow.latest() == null ? DRAFT : flow.latest();
    }
    int ordinal = version(tenant, flow, version).ordinal();
    return catalog.versions(tenant, flow.flow(), ordinal, 1).stream()
        .findFirst()
        .map(FlowRow.Version::version)
        .orElse(version);
  }

  private FlowDiff.Side side(String tenant, FlowRow flow, String version) {
    if (version.equals(DRAFT)) {
      if (flow.draft() == null) {
        throw Refusal.notFound("The flow " + flow.flow() + " has no draft");
      }
      return new FlowDiff.Side(DRAFT, flow.draft(), null);
    }
    FlowRow.Version row = version(tenant, flow, version);
    return new FlowDiff.Side(version, row.source(), bindings(row));
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  private static Map<String, Object> bindings(FlowRow.Version version) {
    return Json.readStored(version.plan()) instanceof Map<?, ?> plan
            && plan.get("bindings") instanceof Map<?, ?> bindings
        ? (Map<String, Object>) bindings
        : Map.of();
  }

  private FlowRow flow(Visit visit) {
    String name = visit.path().get("flow");
    return catalog
        .ever(visit.tenant(), name)
        .orElseThrow(() -> Refusal.notFound("There is no flow " + name));
  }

  private FlowRow.Version version(String tenant, FlowRow flow, String version) {
    Optional<FlowRow.Version> found = catalog.text(tenant, flow.flow(), version);
    return found.orElseThrow(() -> FlowView.noVersion(flow.flow(), version));
  }
}
