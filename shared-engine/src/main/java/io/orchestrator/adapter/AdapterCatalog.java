package io.orchestrator.adapter;

import io.orchestrator.flow.KnownNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a tenant's flows can call, for the names in them to be resolved. */
public final class AdapterCatalog {
  private final String tenant;
  private final Definitions definitions;

  public AdapterCatalog(String tenant, Definitions definitions) {
    this.tenant = tenant;
    this.definitions = definitions;
  }

  /** The adapter of that name; null if there is none. */
  public Definition find(String adapter) {
    return definitions.find(tenant, adapter);
  }

  /** The names of the adapters that have an action of that name, sorted. */
  public List<String> adaptersWithAction(String action) {
    return definitions.all(tenant).stream()
        .filter(definition -> definition.actions().containsKey(action))
        .map(Definition::adapter)
        .sorted()
        .toList();
  }

  /** All names, sorted. */
  public List<String> names() {
    return definitions.all(tenant).stream().map(Definition::adapter).sorted().toList();
  }

  /** What of them has a name in a flow, by the adapters' names. */
  public Map<String, KnownNames.Adapter> known() {
    Map<String, KnownNames.Adapter> known = new LinkedHashMap<>();
    for (Definition definition : definitions.all(tenant)) {
      known.put(definition.adapter(), KnownAdapter.of(definition));
    }
    return known;
  }
}
