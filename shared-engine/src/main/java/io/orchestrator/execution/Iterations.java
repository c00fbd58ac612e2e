package io.orchestrator.execution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the iterations of a line are written in it. A result that is the output of the very line is
 * not written twice.
 */
final class Iterations {
  private static final String BEGUN = "begun";
  private static final String ENDED = "ended";
  private static final String PATH = "path";
  private static final String RESULT = "result";

  private Iterations() {}

  static void write(Transition transition, Map<String, Object> data) {
    if (transition.iterations().isEmpty()) {
      return;
    }
    List<Object> ended = new ArrayList<>(0);
    List<Object> begun = new ArrayList<>(0);
    for (Iteration iteration : transition.iterations()) {
      switch (iteration) {
        case Iteration.Begun b -> begun.add(b.path());
        case Iteration.Ended e -> ended.add(ended(e, output(transition.change())));
        case Iteration.Failed f -> ended.add(Map.of("failed", f.path()));
      }
    }
    put(data, ENDED, ended);
    put(data, BEGUN, begun);
  }

  private static void put(Map<String, Object> data, String key, List<Object> list) {
    if (!list.isEmpty()) {
      data.put(key, list);
    }
  }

  @SuppressWarnings("ReferenceEquality") // equal maps may differ in the order of their keys
  private static Object ended(Iteration.Ended ended, Object output) {
    if (ended.result() == output) {
      return ended.path();
    }
    Map<String, Object> both = new LinkedHashMap<>();
    both.put(PATH, ended.path());
    both.put(RESULT, ended.result());
    return both;
  }

  /** What the change says is the output of its step; null if it says nothing of the kind. */
  private static Object output(Change change) {
    return switch (change) {
      case Change.StepCompleted c -> c.output();
      case Change.StepRecovered c -> c.output();
      default -> null;
    };
  }

  static List<Iteration> read(Change change, Map<String, Object> data) {
    if (data.get(ENDED) == null && data.get(BEGUN) == null) {
      return List.of();
    }
    List<Iteration> iterations = new ArrayList<>();
    for (Object ended : list(data.get(ENDED))) {
      iterations.add(
          switch (ended) {
            case String path -> new Iteration.Ended(path, output(change));
            case Map<?, ?> map when map.get("failed") instanceof String path ->
                new Iteration.Failed(path);
            case Map<?, ?> map -> new Iteration.Ended((String) map.get(PATH), map.get(RESULT));
            default -> throw new ClassCastException("no iteration: " + ended);
          });
    }
    for (Object begun : list(data.get(BEGUN))) {
      iterations.add(new Iteration.Begun((String) begun));
    }
    return List.copyOf(iterations);
  }

  private static List<?> list(Object value) {
    return value == null ? List.of() : (List<?>) value;
  }
}
