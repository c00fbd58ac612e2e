package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.access.Reach;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowSearch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /flows} and its facets: finding flows. */
final class SearchResource {
  private static final List<String> FACETS = List.of("category", "tag", "owner", "status");
  private static final List<String> STATUSES = List.of("draft", "active", "inactive", "retired");

  private final FlowSearch search;
  private final Catalog catalog;

  SearchResource(FlowSearch search, Catalog catalog) {
    this.search = search;
    this.catalog = catalog;
  }

  /** Flows by name; with {@code facets=true} also what the search could be narrowed by. */
  Reply list(Visit visit) {
    Query query = visit.query();
    FlowSearch.Query wanted = wanted(query);
    int limit = query.limit();
    boolean withFacets = query.flag("facets", false);
    List<Map<String, Object>> items = new ArrayList<>();
    String last = Page.after(query);
    boolean more = true;
    // Flows that the caller may not see are passed over, so a page may need more than one look.
    while (more && items.size() < limit) {
      List<FlowRow> rows = search.find(visit.tenant(), wanted, last, limit + 1);
      more = rows.size() > limit;
      for (FlowRow row : rows.subList(0, Math.min(limit, rows.size()))) {
        if (items.size() == limit) {
          more = true;
          break;
        }
        last = row.flow();
        if (visit.caller().may(Action.READ, row.flow())) {
          items.add(FlowView.line(row));
        }
      }
    }
    return Page.of(items, more ? last : null, withFacets ? counted(visit, wanted) : Map.of());
  }

  private Map<String, Object> counted(Visit visit, FlowSearch.Query wanted) {
    List<String> reach = Reach.of(visit.caller(), Action.READ);
    return Map.of("facets", facets(search.facets(visit.tenant(), wanted, reach)));
  }

  private static FlowSearch.Query wanted(Query query) {
    String status = query.text("status", Limits.SEARCH_CHARS_MAX);
    if (!status.isEmpty() && !STATUSES.contains(status)) {
      throw Query.bad("status", "must be one of " + String.join(", ", STATUSES));
    }
    return new FlowSearch.Query(
        orNull(query.text("q", Limits.SEARCH_CHARS_MAX)),
        orNull(query.text("category", Limits.SEARCH_CHARS_MAX)),
        orNull(query.text("tag", Limits.SEARCH_CHARS_MAX)),
        orNull(query.text("owner", Limits.SEARCH_CHARS_MAX)),
        orNull(status));
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** What a flow is filed under, and how many flows are filed under the same. */
  Reply facets(Visit visit) {
    String name = visit.path().get("flow");
    FlowRow flow =
        catalog
            .get(visit.tenant(), name)
            .orElseThrow(() -> Refusal.notFound("There is no flow " + name));
    List<String> reach = Reach.of(visit.caller(), Action.READ);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", name);
    data.put("facets", facets(search.shared(visit.tenant(), name, reach)));
    return Reply.json(200, data).with("etag", Preconditions.etag(flow.revision()));
  }

  private static Map<String, Object> facets(List<FlowSearch.Count> counts) {
    Map<String, Object> facets = new LinkedHashMap<>();
    for (String facet : FACETS) {
      facets.put(
          facet,
          counts.stream()
              .filter(count -> count.facet().equals(facet))
              .map(SearchResource::count)
              .toList());
    }
    return facets;
  }

  private static Map<String, Object> count(FlowSearch.Count count) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("value", count.value());
    data.put("count", count.flows());
    return data;
  }
}
