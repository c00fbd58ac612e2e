package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which steps a line adds to what has to be undone if the execution does not end well: those that
 * ran, and those of which nobody knows whether they did.
 */
final class Debts {
  /** With these the other side may have done what it was asked, or part of it. */
  private static final Set<String> UNCERTAIN =
      Set.of(
          "timeout",
          "adapter_unavailable",
          "interrupted",
          "internal",
          "cancelled",
          "payload_too_large");

  private static final int SERVER_ERROR = 500;

  private Debts() {}

  /** Paths in the order in which they ended. */
  static List<String> of(Plan plan, Execution before, Change change, List<String> cancelled) {
    List<String> owed = new ArrayList<>(stopped(plan, before, cancelled));
    String ended =
        switch (change) {
          case Change.StepCompleted done -> done.path();
          case Change.Repair.StepKept kept -> kept.path();
          case Change.StepRetrying again when isUncertain(again.failure()) -> again.path();
          case Change.StepFailed failed when failedHalfway(plan, before, failed) -> failed.path();
          default -> null;
        };
    if (ended != null
        && !InstancePath.isIteration(ended)
        && counts(plan, before)
        && isUndoable(plan, ended)) {
      owed.add(ended);
    }
    return owed;
  }

  /** Those of steps that are stopped while they are active. */
  static List<String> stopped(Plan plan, Execution before, List<String> cancelled) {
    if (!counts(plan, before)) {
      return List.of();
    }
    return cancelled.stream()
        .filter(path -> isUndoable(plan, path) && mayHaveRun(plan, before, before.step(path)))
        .toList();
  }

  /** What undoes others and what runs last is not undone itself. */
  private static boolean counts(Plan plan, Execution before) {
    Standing standing = before.standing();
    return plan.compensates()
        && !standing.isIn(Closing.Phase.COMPENSATING)
        && !standing.isIn(Closing.Phase.LAST_STEPS);
  }

  private static boolean failedHalfway(Plan plan, Execution before, Change.StepFailed failed) {
    return isStructure(plan, failed.path())
        ? anythingRan(plan, before, failed.path())
        : isUncertain(failed.failure());
  }

  private static boolean isUndoable(Plan plan, String path) {
    Step step = InstancePath.isIteration(path) ? null : plan.at(path);
    return step != null && step.common().compensate() != null;
  }

  private static boolean isStructure(Plan plan, String path) {
    return !plan.at(path).kind().blocks().isEmpty();
  }

  /**
   * Whether the other side may have done what it was asked, although it was not said to be done.
   */
  static boolean isUncertain(Failure failure) {
    return UNCERTAIN.contains(failure.type()) || failure.status() >= SERVER_ERROR;
  }

  /** Of a step that is stopped while it is active. */
  static boolean mayHaveRun(Plan plan, Execution execution, StepState state) {
    if (isStructure(plan, state.path())) {
      return anythingRan(plan, execution, state.path());
    }
    boolean called =
        state.status() == StepStatus.WAITING && plan.at(state.path()).kind() instanceof Kind.Call;
    return state.begun() || called;
  }

  private static boolean anythingRan(Plan plan, Execution execution, String structure) {
    StepState whole = execution.step(structure);
    if (whole != null && whole.progress() != null && whole.progress().begun() > 0) {
      return true; // what its iterations did is forgotten by now
    }
    for (StepState state : execution.steps()) {
      boolean inside = InstancePath.isWithin(state.path(), structure);
      if (inside && !InstancePath.isIteration(state.path()) && ran(plan, execution, state)) {
        return true;
      }
    }
    return false;
  }

  private static boolean ran(Plan plan, Execution execution, StepState state) {
    if (!(plan.at(state.path()).kind() instanceof Kind.Call)) {
      return false;
    }
    return switch (state.status()) {
      case RUNNING, WAITING, COMPLETED, CANCELLED, COMPENSATED -> true;
      case RETRYING, FAILED ->
          state.failure() != null
              && (isUncertain(state.failure())
                  || Owed.contains(execution.standing().owed(), state.path()));
      case SKIPPED -> false;
    };
  }
}
