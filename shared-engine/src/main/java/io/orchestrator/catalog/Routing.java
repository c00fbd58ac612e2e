package io.orchestrator.catalog;

import io.orchestrator.store.FlowRow;
import java.util.Map;
import java.util.UUID;

/**
 * Which version a start takes.
 *
 * @param stable null: the flow cannot be started
 * @param canary null: all starts take the stable one
 */
record Routing(String flow, String stable, Canary canary) {
  static Routing of(FlowRow flow) {
    return flow.isRetired()
        ? new Routing(flow.flow(), null, null)
        : new Routing(flow.flow(), flow.stable(), Canary.of(flow.flow(), flow.canary()));
  }

  /** The version for that input and trigger; null if there is none. */
  String version(Object input, Map<String, Object> trigger, UUID execution) {
    boolean tries = canary != null && canary.takes(flow, input, trigger, execution);
    return tries ? canary.version() : stable;
  }
}
