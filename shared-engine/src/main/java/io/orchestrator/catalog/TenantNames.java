package io.orchestrator.catalog;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.KnownAdapter;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Names;
import io.orchestrator.store.FlowRows;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers the names that a tenant has at this moment. */
final class TenantNames {
  private static final int PAGE = 1_000;

  /** Flows beyond these cannot be named by a bare name. */
  private static final int FLOWS_MAX = 10_000;

  private TenantNames() {}

  static Names of(
      String tenant, Definitions adapters, Map<String, Object> library, FlowRows flows) {
    Map<String, KnownNames.Adapter> known = new HashMap<>();
    for (Definition adapter : adapters.all(tenant)) {
      known.put(adapter.adapter(), KnownAdapter.of(adapter));
    }
    return new KnownNames(
        known, library, flowNames(tenant, flows), new SubFlows(tenant, flows)::find);
  }

  private static Set<String> flowNames(String tenant, FlowRows flows) {
    Set<String> names = new HashSet<>();
    String after = "";
    List<String> page;
    do {
      page = flows.names(tenant, after, PAGE);
      names.addAll(page);
      after = page.isEmpty() ? after : page.getLast();
    } while (page.size() == PAGE && names.size() < FLOWS_MAX);
    return names;
  }
}
