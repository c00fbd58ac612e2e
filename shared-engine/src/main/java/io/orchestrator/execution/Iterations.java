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
  private static final String FAILED = "failed";
  private static final String RAN = "ran";

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
        case Iteration.Failed f -> ended.add(failed(f));
      }
    }
    put(data, ENDED, ended);
    put(data, BEGUN, begun);
  }

  private static Map<String, Object> failed(Iteration.Failed failed) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(FAILED, failed.path());
    if (failed.ran()) {
      data.put(RAN, true);
    }
    return data;
  }

  private static void put(Map<String, Object> data, String key, List<Object> list) {
    if (!list.isEmpty()) {
      data.put(key, list);
    }
  }

  @SuppressWarnings("ReferenceEquality") // equal maps may differ in the order of their keys
  private static Object ended(Iteration.Ended ended, Object output) {
    boolean same = ended.result() == output;
    if (same && !ended.ran()) {
      return ended.path();
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(PATH, ended.path());
    if (!same) {
      data.put(RESULT, ended.result());
    }
    if (ended.ran()) {
      data.put(RAN, true);
    }
    return data;
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
            case String path -> new Iteration.Ended(path, output(change), false);
            case Map<?, ?> map when map.get(FAILED) instanceof String path ->
                new Iteration.Failed(path, Boolean.TRUE.equals(map.get(RAN)));
            case Map<?, ?> map ->
                new Iteration.Ended(
                    (String) map.get(PATH),
                    map.containsKey(RESULT) ? map.get(RESULT) : output(change),
                    Boolean.TRUE.equals(map.get(RAN)));
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
