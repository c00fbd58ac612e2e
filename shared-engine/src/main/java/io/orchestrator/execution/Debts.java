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
          case Change.StepCompleted done when !isEmptyLoop(before.step(done.path())) -> done.path();
          case Change.Repair.StepKept kept -> kept.path();
          case Change.StepRetrying again when !InstancePath.isIteration(again.path()) ->
              putOffHalfway(plan, before, again) ? again.path() : null;
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

  /** A loop that had nothing to do has done nothing, although it ended well. */
  private static boolean isEmptyLoop(StepState state) {
    return state != null
        && state.progress() != null
        && state.progress().items() != null
        && state.progress().items().isEmpty();
  }

  /** What handlers repeat was looked at when it failed. */
  private static boolean putOffHalfway(Plan plan, Execution before, Change.StepRetrying again) {
    return isStructure(plan, again.path())
        ? !again.byHandler() && anythingRan(plan, before, again.path())
        : isUncertain(again.failure());
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
    Failure cause = Deadlines.cause(failure);
    return UNCERTAIN.contains(cause.type()) || cause.status() >= SERVER_ERROR;
  }

  /** Of a step that is stopped while it is active. */
  static boolean mayHaveRun(Plan plan, Execution execution, StepState state) {
    if (isStructure(plan, state.path())) {
      return anythingRan(plan, execution, state.path());
    }
    Kind kind = plan.at(state.path()).kind();
    boolean asked = kind instanceof Kind.Call || kind instanceof Kind.SubFlow;
    return state.begun() || (state.status() == StepStatus.WAITING && asked);
  }

  /**
   * Whether something was done in an iteration that is about to be forgotten; only looked at if a
   * structure around it is undone as a whole.
   */
  static boolean ranIn(Plan plan, Execution execution, Step loop, String iteration) {
    if (!plan.compensates()) {
      return false;
    }
    for (Step around = loop; around != null; around = plan.at(around.place().parent())) {
      if (around.common().compensate() != null) {
        return anythingRan(plan, execution, iteration);
      }
    }
    return false;
  }

  /** Whether a structure, or an iteration, has done something outside, or may have. */
  private static boolean anythingRan(Plan plan, Execution execution, String whole) {
    for (StepState state : execution.steps()) {
      String path = state.path();
      boolean inside = path.equals(whole) || InstancePath.isWithin(path, whole);
      if (inside && !InstancePath.isIteration(path) && ran(plan, execution, state)) {
        return true;
      }
    }
    return false;
  }

  private static boolean ran(Plan plan, Execution execution, StepState state) {
    return switch (plan.at(state.path()).kind()) {
      case Kind.Call ignored -> asked(execution, state);
      case Kind.SubFlow ignored -> asked(execution, state);
      case Kind.Emit ignored ->
          state.status() == StepStatus.COMPLETED || state.status() == StepStatus.COMPENSATED;
      case Kind.Loop ignored -> state.progress() != null && state.progress().ran();
      default -> false;
    };
  }

  private static boolean asked(Execution execution, StepState state) {
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
