package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.flow.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Executions that this process has just let go, as they stood: whoever takes the hint in the same process need not read them
 * again. Each is given away once; should it be out of date, the fence of the next commit tells.
 */
final class Handovers {
  private static final int KEPT_MAX = 4_096;

  private final Map<UUID, Handover> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Handover> eldest) {
          return size() > KEPT_MAX;
        }
      };

  record Handover(Plan plan, Execution execution) {}

  synchronized void keep(Plan plan, Execution execution) {
    kept.put(execution.id(), new Handover(plan, execution));
  }

  /** The execution if it was kept at that revision, else null. */
  synchronized Handover take(UUID id, int revision) {
    Handover handover = kept.remove(id);
    return handover != null && handover.execution().revision() == revision ? handover : null;
  }
}
