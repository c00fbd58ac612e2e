package io.orchestrator.local;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import java.util.Collection;
import java.util.List;

/** The adapters beside a flow. */
record AdaptersAtHand(List<Definition> definitions) implements Definitions {
  @Override
  public Definition find(String tenant, String adapter) {
    return definitions.stream()
        .filter(definition -> definition.adapter().equals(adapter))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Collection<Definition> all(String tenant) {
    return definitions;
  }
}
