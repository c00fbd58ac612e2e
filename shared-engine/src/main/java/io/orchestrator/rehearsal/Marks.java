package io.orchestrator.rehearsal;

import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Notes what an execution reaches while it goes on. */
public final class Marks {
  private final Plan plan;
  private final List<Played.Started> path = new ArrayList<>();
  private final Map<String, StepState> states = new LinkedHashMap<>();
  private final List<Change.EventEmitted> emitted = new ArrayList<>();
  private final Set<String> reached = new HashSet<>();
  private final Set<String> passed = new HashSet<>();
  private final Map<String, Set<String>> branches = new HashMap<>();
  private final Map<String, Set<Integer>> clauses = new HashMap<>();

  Marks(Plan plan) {
    this.plan = plan;
  }

  void note(Execution before, Transition transition, Execution after, Instant at) {
    Change change = transition.change();
    // An iteration that ends with this line takes its steps along.
    Execution alone =
        transition.iterations().isEmpty()
            ? after
            : before.after(
                new Transition(change, List.of(), transition.cancelled(), transition.skipped()),
                at);
    String changed = Notation.write(transition).step();
    if (changed != null) {
      note(changed, before, alone, change);
    }
    for (String started : transition.started()) {
      note(started, before, after, change);
    }
    transition.cancelled().forEach(path -> keep(path, alone));
    transition.skipped().forEach(path -> keep(path, alone));
    if (change instanceof Change.EventEmitted event) {
      emitted.add(event);
    }
  }

  private void keep(String instance, Execution execution) {
    StepState state = execution.step(instance);
    if (state != null) {
      states.put(instance, state);
    }
  }

  private void note(String instance, Execution before, Execution after, Change change) {
    Step step = plan.at(instance);
    keep(instance, after);
    if (step == null || InstancePath.isIteration(instance)) {
      return;
    }
    switch (change) {
      case Change.StepSkipped skipped when skipped.path().equals(instance) -> {
        passed.add(step.path());
        return;
      }
      case Change.StepStarted started when started.path().equals(instance) ->
          branches.computeIfAbsent(step.path(), any -> new HashSet<>()).add(started.branch());
      case Change.StepFailed failed when failed.path().equals(instance) ->
          clauses.computeIfAbsent(step.path(), any -> new HashSet<>()).add(failed.clause());
      default -> {}
    }
    reached.add(step.path());
    boolean again =
        change instanceof Change.StepRecovered
            || (change instanceof Change.Course.StepCompensated undone
                && undone.path().equals(instance));
    if (!again && starts(before.step(instance), after.step(instance)) && isWork(step)) {
      path.add(new Played.Started(step.id(), instance));
    }
  }

  private static boolean starts(StepState before, StepState after) {
    boolean rested = before == null || !before.status().isActive();
    return rested
        && after != null
        && after.status() != StepStatus.SKIPPED
        && after.status() != StepStatus.CANCELLED
        && after.status() != StepStatus.COMPENSATED
        && after.status() != StepStatus.RETRYING;
  }

  /** Whether a step does something itself, and does not only hold others. */
  private static boolean isWork(Step step) {
    return step.kind().blocks().isEmpty();
  }

  List<Played.Started> path() {
    return List.copyOf(path);
  }

  /** How every step stood last, those of iterations that are over, too. */
  Collection<StepState> states() {
    return states.values();
  }

  List<Change.EventEmitted> emitted() {
    return emitted;
  }

  /** Whether a step was begun, or passed over by its own {@code when}. */
  boolean reached(String path) {
    return reached.contains(path) || passed.contains(path);
  }

  /** Whether a step was begun. */
  boolean ran(String path) {
    return reached.contains(path);
  }

  /** Whether a step was passed over. */
  boolean passed(String path) {
    return passed.contains(path);
  }

  /** Whether a structure chose that branch. */
  boolean chose(String path, String branch) {
    return branches.getOrDefault(path, Set.of()).contains(branch);
  }

  /** Whether a failure of a step went to that clause of its handlers. */
  boolean caught(String path, int clause) {
    return clauses.getOrDefault(path, Set.of()).contains(clause);
  }
}
