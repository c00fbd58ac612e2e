package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import java.util.List;

/** Which step a failure began at: what contains it fails with the same one. */
public final class Culprit {
  private Culprit() {}

  /**
   * The innermost step that failed with a failure.
   *
   * @param path where it is looked for; empty for the whole execution
   * @return null if there is none inside
   */
  public static StepState of(List<StepState> steps, String path, Failure failure) {
    StepState innermost = null;
    for (StepState state : steps) {
      boolean failed =
          state.status() == StepStatus.FAILED || state.status() == StepStatus.COMPENSATED;
      String outer = innermost == null ? path : innermost.path();
      if (failed && failure.equals(state.failure()) && InstancePath.isWithin(state.path(), outer)) {
        innermost = state;
      }
    }
    return innermost;
  }
}
