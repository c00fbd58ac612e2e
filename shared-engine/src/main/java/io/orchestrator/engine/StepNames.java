package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.List;

/** Finds the step that somebody means: by its id, or by its path with the number of the iteration. */
record StepNames(Plan plan) {
  /** What a name leads to. */
  sealed interface Meant {
    record Path(String path) implements Meant {}

    record Nothing(String why, String hint) implements Meant {}
  }

  /** A step as such. */
  Meant step(String name) {
    Step step = plan.at(name) == null ? plan.named(name) : plan.at(name);
    if (step == null) {
      return new Meant.Nothing(
          "There is no step '" + name + "'", Nearest.hint(name, List.copyOf(plan.ids())));
    }
    String path = plan.at(name) == null ? step.path() : name;
    return loops(step) > numbers(path)
        ? new Meant.Nothing(
            "Step '" + name + "' stands in a loop: say in which iteration", example(step))
        : new Meant.Path(path);
  }

  private int loops(Step step) {
    int loops = 0;
    for (String path = InstancePath.around(step.path());
        !path.isEmpty();
        path = InstancePath.around(path)) {
      loops += plan.at(path).kind() instanceof io.orchestrator.flow.Kind.Loop ? 1 : 0;
    }
    return loops;
  }

  private static int numbers(String path) {
    return (int) path.chars().filter(c -> c == '[').count();
  }

  private String example(Step step) {
    StringBuilder example = new StringBuilder(step.id());
    for (String path = InstancePath.around(step.path());
        !path.isEmpty();
        path = InstancePath.around(path)) {
      Step around = plan.at(path);
      boolean loop = around.kind() instanceof io.orchestrator.flow.Kind.Loop;
      example.insert(0, around.id() + (loop ? "[0]" : "") + "/");
    }
    return example.toString();
  }

  /** A step that waits; without the number of its iteration if only one of its kind does. */
  Meant waiting(Execution execution, String name) {
    List<String> waiting = new ArrayList<>();
    for (StepState state : execution.active()) {
      Step step = InstancePath.isIteration(state.path()) ? null : plan.at(state.path());
      boolean rests =
          state.status() == StepStatus.WAITING || state.status() == StepStatus.RETRYING;
      if (step != null && rests && (step.id().equals(name) || state.path().equals(name))) {
        waiting.add(state.path());
      }
    }
    if (waiting.size() > 1) {
      return new Meant.Nothing(
          "Step '" + name + "' waits in several iterations: say in which",
          String.join(", ", waiting.subList(0, Math.min(5, waiting.size()))));
    }
    return waiting.isEmpty() ? step(name) : new Meant.Path(waiting.getFirst());
  }
}
