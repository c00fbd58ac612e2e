package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.InstancePath;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which change may befall a step in which status, said once more and in another way than the
 * machine says it.
 */
public final class Legality {
  private static final Set<StepStatus> OVER =
      EnumSet.of(StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.CANCELLED);

  private Legality() {}

  /**
   * From where a change may start; null stands for a step that was not reached, and whatever is
   * over may be entered again.
   */
  static Set<StepStatus> before(Change change) {
    return switch (change) {
      case Change.StepStarted c when InstancePath.isIteration(c.path()) ->
          EnumSet.of(StepStatus.WAITING);
      case Change.StepStarted ignored -> entered(StepStatus.RETRYING);
      case Change.StepClosing ignored -> EnumSet.of(StepStatus.RUNNING);
      case Change.CallBegun ignored -> EnumSet.of(StepStatus.RUNNING, StepStatus.RETRYING);
      case Change.StepCompleted ignored ->
          entered(StepStatus.RUNNING, StepStatus.WAITING, StepStatus.RETRYING);
      case Change.StepRetrying ignored ->
          entered(StepStatus.RUNNING, StepStatus.WAITING, StepStatus.RETRYING);
      case Change.StepFailed ignored ->
          entered(StepStatus.RUNNING, StepStatus.WAITING, StepStatus.RETRYING);
      case Change.StepRecovered ignored -> EnumSet.of(StepStatus.FAILED);
      case Change.StepSkipped ignored -> entered(StepStatus.RETRYING);
      case Change.StepWaiting ignored -> entered(StepStatus.RUNNING, StepStatus.RETRYING);
      case Change.Started ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.HandlersStarted ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.Completed ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.Failed ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.Cancelled ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.TimedOut ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.Course.StepCompensated ignored ->
          EnumSet.of(StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.CANCELLED);
      case Change.Course.Halted ignored -> EnumSet.of(StepStatus.COMPLETED, StepStatus.FAILED);
      case Change.Course ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.StepListening ignored -> entered(StepStatus.RETRYING);
      case Change.SignalReceived ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.SignalTaken ignored -> entered(StepStatus.WAITING, StepStatus.RETRYING);
      case Change.EventTaken ignored -> EnumSet.of(StepStatus.RUNNING, StepStatus.WAITING);
      case Change.EventEmitted ignored -> entered(StepStatus.RETRYING);
      case Change.ApprovalRequested ignored -> entered(StepStatus.RETRYING);
      case Change.ApprovalReminded ignored -> EnumSet.of(StepStatus.WAITING);
      case Change.ApprovalEscalated ignored -> EnumSet.of(StepStatus.WAITING);
      case Change.DecisionMade ignored -> EnumSet.of(StepStatus.WAITING);
      case Change.Repair.Restored ignored -> EnumSet.noneOf(StepStatus.class);
      case Change.Repair.StepKept ignored -> entered(StepStatus.RUNNING, StepStatus.WAITING);
    };
  }

  private static Set<StepStatus> entered(StepStatus... more) {
    Set<StepStatus> from = EnumSet.copyOf(OVER);
    from.addAll(List.of(more));
    return from;
  }

  /** The step that a change befalls, null if it is the execution. */
  static String path(Change change) {
    return switch (change) {
      case Change.StepStarted c -> c.path();
      case Change.StepClosing c -> c.path();
      case Change.CallBegun c -> c.path();
      case Change.StepCompleted c -> c.path();
      case Change.StepRetrying c -> c.path();
      case Change.StepFailed c -> c.path();
      case Change.StepRecovered c -> c.path();
      case Change.StepSkipped c -> c.path();
      case Change.StepWaiting c -> c.path();
      case Change.Started ignored -> null;
      case Change.HandlersStarted ignored -> null;
      case Change.Completed ignored -> null;
      case Change.Failed ignored -> null;
      case Change.Cancelled ignored -> null;
      case Change.TimedOut ignored -> null;
      case Change.Course.StepCompensated c -> c.path();
      case Change.Course.Halted c -> c.path();
      case Change.Course ignored -> null;
      case Change.StepListening c -> c.path();
      case Change.SignalReceived ignored -> null;
      case Change.SignalTaken c -> c.path();
      case Change.EventTaken c -> c.path();
      case Change.EventEmitted c -> c.path();
      case Change.ApprovalRequested c -> c.path();
      case Change.ApprovalReminded c -> c.path();
      case Change.ApprovalEscalated c -> c.path();
      case Change.DecisionMade c -> c.path();
      case Change.Repair.Restored ignored -> null;
      case Change.Repair.StepKept c -> c.path();
    };
  }

  /** Objects to a line that must not follow. */
  public static void check(Execution before, Transition line) {
    Change change = line.change();
    assertThat(change instanceof Change.Started).isEqualTo(before.revision() == 0);
    StepState state = path(change) == null ? null : before.step(path(change));
    if (state != null) {
      assertThat(before(change))
          .as("%s is %s before %s", state.path(), state.status(), change)
          .contains(state.status());
    }
    for (String path : line.cancelled()) {
      assertThat(before.step(path).status().isActive())
          .as("%s is cancelled by %s", path, change)
          .isTrue();
    }
    for (String path : line.started()) {
      StepState started = before.step(path);
      assertThat(
              started == null
                  || OVER.contains(started.status())
                  || started.unjudged()
                  || InstancePath.isWithin(path, path(change)))
          .as("%s begins by %s", path, change)
          .isTrue();
    }
  }
}
