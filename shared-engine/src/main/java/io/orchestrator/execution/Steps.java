package io.orchestrator.execution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The steps of an execution by path, in the order in which they were first seen. Immutable; a change copies a small layer and
 * seldom the rest, so that its cost hardly grows with what ran before.
 */
final class Steps {
  private static final int LAYER_MAX = 12;
  static final Steps NONE = new Steps(Map.of(), Map.of());

  private final Map<String, StepState> base;
  private final Map<String, StepState> layer;

  private Steps(Map<String, StepState> base, Map<String, StepState> layer) {
    this.base = base;
    this.layer = layer;
  }

  StepState get(String path) {
    StepState changed = layer.get(path);
    return changed != null ? changed : base.get(path);
  }

  Steps with(StepState state) {
    if (layer.size() < LAYER_MAX) {
      Map<String, StepState> changed = new LinkedHashMap<>(layer);
      changed.put(state.path(), state);
      return new Steps(base, changed);
    }
    Map<String, StepState> all = new LinkedHashMap<>(base);
    all.putAll(layer);
    all.put(state.path(), state);
    return new Steps(all, Map.of());
  }

  Steps without(Predicate<String> paths) {
    Map<String, StepState> all = new LinkedHashMap<>(base);
    all.putAll(layer);
    all.keySet().removeIf(paths);
    return new Steps(all, Map.of());
  }

  List<StepState> all() {
    Map<String, StepState> all = new LinkedHashMap<>(base);
    all.putAll(layer);
    return new ArrayList<>(all.values());
  }
}
