package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.List;
import java.util.function.Function;

/** What a step sees of the iterations that it stands in. */
record Iterating(Plan plan, Function<String, StepState> states) {

  /**
   * Where the instance of a step is that another one sees: in the same iteration, as far as the two
   * stand in the same loops.
   *
   * @param from null for the flow itself
   */
  static String seen(Step step, Instance from) {
    if (from == null || from.path().indexOf('[') < 0) {
      return step.path();
    }
    String[] there = step.path().split("/", -1);
    String[] here = from.path().split("/", -1);
    StringBuilder seen = new StringBuilder();
    boolean together = true;
    for (int i = 0; i < there.length; i++) {
      boolean last = i == there.length - 1;
      together =
          together && !last && i < here.length - 1 && InstancePath.loop(here[i]).equals(there[i]);
      seen.append(i == 0 ? "" : "/").append(together ? here[i] : there[i]);
    }
    return seen.toString();
  }

  /** {@code $item} or {@code $index} of the nearest iteration that has one. */
  Object root(String name, Instance from) {
    return search(name, null, from);
  }

  /** The item that a foreach around calls by a name. */
  Object item(String as, Instance from) {
    return search("item", as, from);
  }

  private Object search(String root, String as, Instance from) {
    String path = from == null ? "" : InstancePath.around(from.path());
    for (; !path.isEmpty(); path = InstancePath.around(path)) {
      if (InstancePath.isIteration(path)) {
        String loop = InstancePath.loop(path);
        Kind kind = plan.at(loop).kind();
        if (root.equals("index")) {
          return (long) InstancePath.number(path);
        }
        if (kind instanceof Kind.Foreach each && (as == null || as.equals(each.as()))) {
          return value(loop, InstancePath.number(path));
        }
      }
    }
    return null;
  }

  private Object value(String loop, int number) {
    StepState state = states.apply(loop);
    List<Object> items =
        state == null || state.progress() == null ? null : state.progress().items();
    return items == null || number >= items.size() ? null : items.get(number);
  }
}
