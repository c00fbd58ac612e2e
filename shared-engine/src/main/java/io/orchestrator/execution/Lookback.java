package io.orchestrator.execution;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What expressions can see of an execution when somebody looks back at it, from the flow or from
 * one of its steps. What was masked or is a secret is not in it: neither is ever stored.
 */
public final class Lookback {
  private static final List<String> ROOTS =
      List.of("input", "vars", "trigger", "execution", "flow", "output", "steps", "error");

  private final Plan plan;
  private final Execution execution;
  private final Instance step;
  private final Map<String, Object> more;

  /** From the flow itself, with everything that the execution has left. */
  public Lookback(Plan plan, Execution execution) {
    this(plan, execution, null, Map.of());
  }

  /**
   * From a step.
   *
   * @param more roots that have a value there alone
   */
  Lookback(Plan plan, Execution execution, Instance step, Map<String, Object> more) {
    this.plan = plan;
    this.execution = execution;
    this.step = step;
    this.more = new LinkedHashMap<>(more);
  }

  /**
   * The instance path of the step that somebody names by its path or, if it stands in no loop, by
   * its id; null if there is no such step.
   */
  public static String path(Plan plan, String named) {
    Step byId = named.indexOf('/') < 0 && named.indexOf('[') < 0 ? plan.named(named) : null;
    Instance step = byId == null ? Instance.at(plan, named) : new Instance(byId, byId.path());
    return step != null && isComplete(plan, step) ? step.path() : null;
  }

  /** Whether the path says the iteration of each loop around the step, and of nothing else. */
  private static boolean isComplete(Plan plan, Instance step) {
    boolean complete = !InstancePath.isIteration(step.path());
    for (Instance inner = step; complete && inner != null; inner = inner.around(plan)) {
      boolean item = inner.place().slot() == Place.Slot.ITEM;
      complete = item == InstancePath.isIteration(inner.iteration());
    }
    return complete;
  }

  /** What was probably meant by a step that there is not; empty if nothing is near. */
  public static String nearestStep(Plan plan, String named) {
    Step inLoop = plan.at(named) == null ? plan.named(named) : plan.at(named);
    if (inLoop == null) {
      List<String> known = new ArrayList<>(plan.ids());
      plan.everyStep().forEach(step -> known.add(step.path()));
      return Nearest.hint(named, known);
    }
    return "say which iteration, counted from 0: " + first(plan, inLoop);
  }

  /** The path of a step in the first iteration of the loops around it. */
  private static String first(Plan plan, Step step) {
    if (step.place().parent().isEmpty()) {
      return step.path();
    }
    Step around = plan.at(step.place().parent());
    String path = first(plan, around);
    boolean item = step.place().slot() == Place.Slot.ITEM;
    return (item ? InstancePath.iteration(path, 0) : path) + "/" + step.id();
  }

  /** Everything that can be seen; {@code now()} is when the step, or the execution, began. */
  public Scope scope() {
    StepState state = step == null ? null : execution.step(step.path());
    Instant began = execution.startedAt() == null ? Instant.EPOCH : execution.startedAt();
    View view = new View(plan, execution, state == null ? began : state.startedAt());
    return step == null ? view.ofFlow(more) : view.of(step, more);
  }

  /** Whether {@code $name} can have a value here. */
  public boolean knows(String name) {
    return ROOTS.contains(name) || plan.named(name) != null || around().contains(name);
  }

  /** What was probably meant by a name that is not known; empty if nothing is near. */
  public String hint(String name) {
    List<String> known = new ArrayList<>(ROOTS);
    known.addAll(plan.ids());
    known.addAll(around());
    return Nearest.hint(name, known);
  }

  /** The roots that only this step has, and those of the loops and definitions around it. */
  private Set<String> around() {
    Set<String> names = new LinkedHashSet<>(more.keySet());
    Instance inner = step;
    while (inner != null) {
      Instance outer = inner.around(plan);
      if (inner.common().with() != null) {
        names.add("with");
      }
      if (outer != null && inner.place().slot() == Place.Slot.ITEM) {
        names.add("index");
        if (outer.kind() instanceof Kind.Foreach each) {
          names.add("item");
          names.add(each.as() == null ? "item" : each.as());
        }
      }
      inner = outer;
    }
    return names;
  }
}
