package io.orchestrator.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The steps of an execution by path, in the order in which they were first seen. Immutable; a
 * change copies a small layer and seldom the rest, so that its cost hardly grows with what ran
 * before.
 */
final class Steps {
  private static final int LAYER_MAX = 12;
  private static final StepState[] NO_LAYER = {};
  static final Steps NONE = new Steps(Map.of(), NO_LAYER);

  private final Map<String, StepState> base;
  private final StepState[] layer;

  private Steps(Map<String, StepState> base, StepState[] layer) {
    this.base = base;
    this.layer = layer;
  }

  StepState get(String path) {
    int place = place(path);
    return place < layer.length ? layer[place] : base.get(path);
  }

  Steps with(StepState state) {
    int place = place(state.path());
    if (place < LAYER_MAX) {
      StepState[] changed = Arrays.copyOf(layer, Math.max(layer.length, place + 1));
      changed[place] = state;
      return new Steps(base, changed);
    }
    Map<String, StepState> all = flat();
    all.put(state.path(), state);
    return new Steps(all, NO_LAYER);
  }

  Steps without(Predicate<String> paths) {
    Map<String, StepState> all = flat();
    all.keySet().removeIf(paths);
    return new Steps(all, NO_LAYER);
  }

  List<StepState> all() {
    return new ArrayList<>(flat().values());
  }

  /** Where a path stands in the layer, or would come to stand. */
  private int place(String path) {
    int place = 0;
    while (place < layer.length && !layer[place].path().equals(path)) {
      place++;
    }
    return place;
  }

  private Map<String, StepState> flat() {
    Map<String, StepState> all = new LinkedHashMap<>(base);
    for (StepState state : layer) {
      all.put(state.path(), state);
    }
    return all;
  }
}
