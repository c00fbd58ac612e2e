package io.orchestrator.adapter;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Definitions that hide others of the same name, as a tenant's own hide the built-in ones. */
record Layered(Definitions upper, Definitions lower) implements Definitions {
  @Override
  public Definition find(String tenant, String adapter) {
    Definition found = upper.find(tenant, adapter);
    return found != null ? found : lower.find(tenant, adapter);
  }

  @Override
  public Collection<Definition> all(String tenant) {
    Map<String, Definition> all = new LinkedHashMap<>();
    lower.all(tenant).forEach(definition -> all.put(definition.adapter(), definition));
    upper.all(tenant).forEach(definition -> all.put(definition.adapter(), definition));
    return all.values();
  }
}
