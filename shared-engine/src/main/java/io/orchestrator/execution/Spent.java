package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many attempts steps had before what contains them, or the handler that they belong to, was
 * entered again: no attempt of a path has the number of another. By path; what is known of all
 * iterations of a loop together stands under {@code loop[]}, and {@code loop[+]} is what the
 * iterations that ended in its present life will have added to that.
 */
final class Spent {
  private static final String BEFORE = "[]";
  private static final String NOW = "[+]";

  private Spent() {}

  /** What a path has spent. */
  static int of(Map<String, Integer> spent, String path) {
    if (spent.isEmpty()) {
      return 0;
    }
    int most = spent.getOrDefault(path, 0);
    for (int open = path.indexOf('['); open >= 0; open = path.indexOf('[', open + 1)) {
      most = Math.max(most, spent.getOrDefault(path.substring(0, open) + BEFORE, 0));
    }
    return most;
  }

  /** After an iteration has ended. */
  static Map<String, Integer> ended(Map<String, Integer> spent, Steps steps, String iteration) {
    String loop = InstancePath.loop(iteration) + NOW;
    Map<String, Integer> kept = new LinkedHashMap<>();
    spent.forEach(
        (path, attempt) ->
            kept.merge(InstancePath.isWithin(path, iteration) ? loop : path, attempt, Math::max));
    for (StepState state : steps.all()) {
      if (InstancePath.isWithin(state.path(), iteration) && state.attempt() > 0) {
        kept.merge(loop, state.attempt(), Math::max);
      }
    }
    return kept;
  }

  /**
   * What an execution has spent that a past state of it does not know of. What iterations have
   * added in a life that is left counts like that of an earlier life.
   */
  static Map<String, Integer> beyond(Execution now, Execution past) {
    Map<String, Integer> more = new LinkedHashMap<>();
    now.spent()
        .forEach(
            (path, attempt) -> {
              if (attempt > past.spent().getOrDefault(path, 0)) {
                note(more, past, path.endsWith(NOW) ? before(path) : path, attempt);
              }
            });
    now.steps().forEach(state -> note(more, past, state.path(), state.attempt()));
    return more;
  }

  private static String before(String iterations) {
    return iterations.substring(0, iterations.length() - NOW.length()) + BEFORE;
  }

  /** Notes an attempt of a path that a past state does not know of. */
  static void note(Map<String, Integer> more, Execution past, String path, int attempt) {
    StepState state = past.step(path);
    int known = Math.max(of(past.spent(), path), state == null ? 0 : state.attempt());
    if (attempt > known) {
      more.merge(path, attempt, Math::max);
    }
  }

  /** Both together. */
  static Map<String, Integer> joined(Map<String, Integer> spent, Map<String, Integer> more) {
    Map<String, Integer> all = new LinkedHashMap<>(spent);
    more.forEach((path, attempt) -> all.merge(path, attempt, Math::max));
    return all;
  }

  /** After a structure is entered again. */
  static Map<String, Integer> again(Map<String, Integer> spent, Steps steps, String structure) {
    Map<String, Integer> kept = new LinkedHashMap<>();
    spent.forEach((path, attempt) -> kept.merge(of(path, structure), attempt, Math::max));
    for (StepState state : steps.all()) {
      if (InstancePath.isWithin(state.path(), structure) && state.attempt() > 0) {
        kept.merge(of(state.path(), structure), state.attempt(), Math::max);
      }
    }
    return kept;
  }

  /** Where a path inside of what is entered again keeps its attempts. */
  private static String of(String path, String structure) {
    int open = InstancePath.isWithin(path, structure) ? path.indexOf('[', structure.length()) : -1;
    return open < 0 ? path : path.substring(0, open) + BEFORE;
  }
}
