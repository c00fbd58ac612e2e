package io.orchestrator.engine;

import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.MaskRules;
import io.orchestrator.execution.Masked;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Starting;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Commit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Turns decided transitions into what the store commits. */
final class Commits {
  private final Outbox outbox;
  private final Sealing sealing;
  private final Supplier<Instant> clock;
  private final Concerned concerned;

  Commits(Outbox outbox, Sealing sealing, Supplier<Instant> clock, MaskRules rules) {
    this.outbox = outbox;
    this.sealing = sealing;
    this.clock = clock;
    this.concerned = new Concerned(rules);
  }

  /**
   * One commit for a chain of transitions.
   *
   * @param owner who has calls in flight afterwards; null if nobody has
   * @param answered the wait that it completes; null if none
   * @param opening only for a start, null else
   */
  Commit of(
      Plan plan,
      Execution base,
      List<Transition> transitions,
      Execution next,
      String owner,
      Commit.Answered answered,
      Commit.Opening opening) {
    List<Commit.Row> rows = new ArrayList<>(transitions.size());
    boolean rests = next.status() == Status.PAUSED;
    Duration soonest =
        owner == null && !rests && (next.isHeld() || runs(next)) ? Limits.LEASE : null;
    List<Notation.Written> written = transitions.stream().map(Notation::write).toList();
    Masked masked =
        plan.masks().any() || concerned.is(base, written)
            ? Masked.of(plan, concerned.rules(), List.of(base, next), clock.get())
            : null;
    int revision = base.revision();
    for (Notation.Written plain : written) {
      revision++;
      Notation.Written line = masked == null ? plain : masked.line(plain);
      String data = masked == null ? line.data() : sealing.close(base.id(), line.data());
      rows.add(new Commit.Row(line.event(), line.step(), line.attempt(), data, line.delay()));
      if (line.delay() != null
          && !rests
          && stillArmed(next, line.step(), revision)
          && !waitedFor(plan, next, line.step(), owner)) {
        soonest = soonest == null || line.delay().compareTo(soonest) < 0 ? line.delay() : soonest;
      }
    }
    if (!rests && transitions.getFirst().change() instanceof Change.Repair.Restored restored) {
      soonest = soonest(restored, next, base.revision() + 1, soonest);
    }
    boolean ended = next.status().isFinal();
    Instant timer = rests ? null : earlierTimer(plan, base, next, owner);
    if (owner
        != null) { // a timer must neither shorten the lease nor be hidden when it is prolonged
      timer = soonest == null ? timer : earlier(timer, clock.get().plus(soonest));
      soonest = Limits.LEASE;
    }
    Commit.Head head =
        new Commit.Head(
            next.status().text(),
            next.frontier(),
            ended ? null : soonest,
            ended ? null : timer,
            ended ? null : owner,
            ended);
    Map<String, String> searched = Starting.changedAttributes(plan, base, next, clock.get());
    Outbox.Said said = outbox.of(plan, base, transitions, next);
    return new Commit(
        base.id(),
        base.revision(),
        head,
        rows,
        masked == null ? said.opened() : Covering.waits(masked, said.opened()),
        answered,
        opening,
        said.closed(),
        masked == null ? said.posted() : Covering.notices(masked, said.posted()),
        base.tenant(),
        masked == null ? searched : Covering.attributes(masked, searched),
        Halting.of(plan, base, transitions, next, masked));
  }

  /** The timeouts of structures that begin anew with a restored state. */
  private static Duration soonest(
      Change.Repair.Restored restored, Execution next, int revision, Duration soonest) {
    Duration first = soonest;
    for (Map.Entry<String, Duration> timeout : restored.tally().timeouts().entrySet()) {
      boolean armed = stillArmed(next, timeout.getKey(), revision);
      first = armed && (first == null || timeout.getValue().compareTo(first) < 0) ? timeout.getValue() : first;
    }
    return first;
  }

  Sealing sealing() {
    return sealing;
  }

  private static boolean runs(Execution execution) {
    for (StepState step : execution.active()) {
      if (!step.structure() && step.status() == StepStatus.RUNNING) {
        return true;
      }
    }
    return false;
  }

  private static boolean stillArmed(Execution next, String path, int revision) {
    if (path == null) {
      return true; // the timeout of the whole execution
    }
    StepState step = next.step(path);
    return step != null && step.due() != null && step.armed() == revision;
  }

  /**
   * Whether the owner itself waits for a step's next attempt, and has it in flight when it is due.
   */
  private static boolean waitedFor(Plan plan, Execution next, String path, String owner) {
    return owner != null
        && path != null
        && next.step(path).status() == StepStatus.RETRYING
        && StateMachine.isRepeated(plan.at(path).kind());
  }

  /** The earliest timer that runs since an earlier commit. */
  private static Instant earlierTimer(Plan plan, Execution base, Execution next, String owner) {
    Instant earliest = base.revision() > 0 ? next.deadline() : null;
    for (StepState step : next.active()) {
      boolean earlier = step.due() != null && step.armed() <= base.revision();
      if (earlier && !waitedFor(plan, next, step.path(), owner)) {
        earliest = earlier(earliest, step.due());
      }
    }
    return earliest;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one == null || other.isBefore(one) ? other : one;
  }
}
