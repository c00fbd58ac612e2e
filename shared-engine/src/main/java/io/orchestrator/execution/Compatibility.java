package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.List;

/**
 * Whether an execution can go on by another version of its flow: where it stands, that version must
 * be the same, and must have nothing before it that has not run.
 */
public final class Compatibility {
  private final Plan from;
  private final Plan to;
  private final Execution past;

  private Compatibility(Plan from, Plan to, Execution past) {
    this.from = from;
    this.to = to;
    this.past = past;
  }

  /** Why it cannot; empty if it can. */
  public static String why(Plan from, Plan to, Execution past) {
    Compatibility both = new Compatibility(from, to, past);
    for (StepState state : past.active()) {
      String why = both.why(InstancePath.loop(state.path()));
      if (!why.isEmpty()) {
        return why;
      }
    }
    for (Step step : from.everyStep()) {
      boolean owed = Owed.contains(past.standing().owed(), step.path());
      Step other = to.at(step.path());
      if (owed && (other == null || other.common().compensate() == null)) {
        return "step " + step.path() + " is to be undone, which version " + to.version() + " can't";
      }
    }
    return "";
  }

  private String why(String path) {
    Step before = from.at(path);
    Step after = to.at(path);
    if (after == null) {
      return "it stands at step " + path + ", which version " + to.version() + " does not have";
    }
    Place was = before.place();
    Place is = after.place();
    if (before.kind().getClass() != after.kind().getClass()
        || was.slot() != is.slot()
        || was.clause() != is.clause()) {
      return "step " + path + ", where it stands, is another one in version " + to.version();
    }
    return is.slot() == Place.Slot.BRANCH ? "" : missing(path, after);
  }

  /** A step of the same block that would have had to run before. */
  private String missing(String path, Step after) {
    List<Step> block = to.block(after);
    String around = path.substring(0, path.lastIndexOf('/') + 1);
    for (Step earlier : block.subList(0, after.place().index())) {
      StepState state = past.step(around + earlier.id());
      if (state == null || state.status().isActive()) {
        return "version "
            + to.version()
            + " has step "
            + earlier.path()
            + " before step "
            + path
            + ", and it has not run";
      }
    }
    return "";
  }
}
