package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Step;
import java.util.List;

/**
 * How an execution ends: the steps of {@code on_cancel}, what undoes the steps that ran, the steps
 * of {@code finally}, and then its last line.
 */
final class Closer {
  private final Walk walk;
  private boolean undoing;
  private boolean settling;

  Closer(Walk walk) {
    this.walk = walk;
  }

  private Standing standing() {
    return walk.execution().standing();
  }

  private List<String> active() {
    return walk.activeWithin("");
  }

  // -- why it ends

  /** The last step has ended well. */
  void finish(Object last) {
    if (walk.plan.output() == null) {
      complete(last);
      return;
    }
    try {
      complete(walk.plan.output().fill(walk.view().ofFlow()));
    } catch (ExpressionException e) {
      fail(Failure.fatal("expression", "output: " + e.getMessage()), false);
    }
  }

  /**
   * A {@code return}: in what is done in any case it says the output, and the rest is done. In what
   * is done when the execution is about to end it ends that alone.
   */
  void returned(Instance step, Object output) {
    boolean ending = standing().closing() != null && !isSettling();
    if (walk.groups().isInFinally(step, "")) {
      if (!ending) {
        intend(Change.Course.EndStarted.completed(output));
      }
      walk.advance(step, output);
    } else if (ending) {
      leave(step, output);
    } else {
      complete(output);
    }
  }

  private void leave(Instance step, Object output) {
    switch (standing().closing().phase()) {
      case CANCELLING -> cancelled(walk.execution().reason(), standing().closing().compensates());
      case COMPENSATING -> undone(undo(step), null);
      case LAST_STEPS -> {
        Execution e = walk.execution();
        Status outcome = standing().closing().outcome();
        Object said = outcome == Status.COMPLETED ? output : e.output();
        end(outcome, said, e.failure(), e.handled(), e.reason());
      }
      case SETTLING -> throw new IllegalStateException("groups settle before anything else ends");
    }
  }

  /** The step that undoes another, around this one. */
  private Instance undo(Instance step) {
    Instance undo = step;
    while (undo.place().slot() != Place.Slot.COMPENSATION) {
      undo = undo.around(walk.plan);
    }
    return undo;
  }

  private void complete(Object output) {
    if (settles(Change.Course.EndStarted.completed(output))) {
      return;
    }
    if (lastSteps().isEmpty()) {
      walk.record(new Change.Completed(output), active(), List.of());
    } else {
      lastSteps(new Change.Course.FinallyStarted(Status.COMPLETED, output, null, false, null));
    }
  }

  void fail(Failure failure, boolean handled) {
    if (settles(Change.Course.EndStarted.failed(failure, handled, ""))) {
      return;
    }
    if (owes()) {
      compensate(failure, handled, null);
    } else {
      over(Status.FAILED, failure, handled, null);
    }
  }

  /** The handlers of a step want all to be undone. */
  void undo(Instance step, Failure failure) {
    if (walk.groups().isInFinally(step, "")) {
      intend(Change.Course.EndStarted.failed(failure, true, ""));
      walk.outwards(step, failure, true);
    } else {
      fail(failure, true);
    }
  }

  /** It may not go on at a step, whatever contains that. */
  void refuse(Instance step, int attempt, Failure failure) {
    Change.Course.EndStarted end = Change.Course.EndStarted.failed(failure, false, "");
    if (walk.groups().isInFinally(step, "")) {
      intend(end);
      walk.fail(step, attempt, failure, false);
    } else if (!settles(end)) {
      walk.reachFlow(failure, "", false);
    }
  }

  /** Its own timeout has run out. */
  void timeOut() {
    if (isSettling()) {
      intend(Change.Course.EndStarted.timedOut());
      return;
    }
    if (!settles(Change.Course.EndStarted.timedOut())) {
      overdue();
    }
  }

  private void overdue() {
    if (owes()) {
      compensate(
          Failure.temporary("timeout", "the flow took longer than its timeout"), false, null);
    } else {
      over(Status.TIMED_OUT, null, false, null);
    }
  }

  /**
   * Somebody wants it to stop. What a failure was about to undo is undone all the same.
   *
   * @param compensates whether what it did is to be undone
   */
  void cancel(String reason, boolean compensates) {
    boolean undoes =
        compensates || walk.plan.terms().cancelCompensates() || walk.execution().failure() != null;
    if (standing().held()) {
      walk.record(new Change.Cancelled(reason));
    } else if (!settles(Change.Course.EndStarted.cancelled(reason, undoes))) {
      stop(reason, undoes);
    }
  }

  private void stop(String reason, boolean undoes) {
    List<Step> steps = walk.plan.terms().onCancel();
    if (steps.isEmpty()) {
      cancelled(reason, undoes);
    } else {
      walk.record(new Change.Course.CancelStarted(reason, undoes), active(), List.of());
      walk.enter(Walk.ofFlow(steps.getFirst()));
    }
  }

  private void cancelled(String reason, boolean undoes) {
    if (undoes && owes()) {
      compensate(walk.execution().failure(), walk.execution().handled(), reason);
    } else {
      over(Status.CANCELLED, null, false, reason);
    }
  }

  // -- what is done in any case, before anything else

  /** Whether it ends as soon as the groups that were open are done. */
  boolean isSettling() {
    return standing().isIn(Closing.Phase.SETTLING);
  }

  /** Ends it that way after the groups that are open, if any are. */
  private boolean settles(Change.Course.EndStarted end) {
    if (!walk.groups().areOpen()) {
      return false;
    }
    intend(end);
    return true;
  }

  /** The end that was wanted first is kept, except that what went well may still go wrong. */
  private void intend(Change.Course.EndStarted end) {
    boolean first = !isSettling() || standing().closing().outcome() == Status.COMPLETED;
    if (first || end.outcome() == Status.TIMED_OUT) {
      List<String> halted = standing().halted(); // ending ends a pause
      walk.record(end, walk.groups().stoppedWithin(""), List.of());
      settle();
      if (!walk.execution().status().isFinal()) {
        walk.follow(halted);
      }
    }
  }

  /**
   * A group has done its part.
   *
   * @param own what its {@code finally} failed with; null if it did not
   */
  void settled(Instance group, Failure own) {
    if (own != null && standing().closing().outcome() == Status.COMPLETED) {
      walk.record(Change.Course.EndStarted.failed(own, false, group.path()));
    }
    settle();
  }

  private void settle() {
    if (settling) {
      return; // a group that ended at once: it goes on from the outside
    }
    settling = true;
    walk.groups().strikeWithin("");
    settling = false;
    if (!isSettling() || walk.groups().areOpen()) {
      return;
    }
    Execution execution = walk.execution();
    switch (standing().closing().outcome()) {
      case COMPLETED -> complete(execution.output());
      case CANCELLED -> stop(execution.reason(), standing().closing().compensates());
      case TIMED_OUT -> overdue();
      default -> {
        if (execution.handled()) {
          fail(execution.failure(), true);
        } else {
          walk.reachFlow(execution.failure(), execution.failedStep(), false);
        }
      }
    }
  }

  // -- undoing

  private boolean owes() {
    return standing().owed() != null
        || !Debts.stopped(walk.plan, walk.execution(), active()).isEmpty();
  }

  private void compensate(Failure failure, boolean handled, String reason) {
    walk.record(
        new Change.Course.CompensationStarted(failure, handled, reason), active(), List.of());
    undo();
  }

  /**
   * Undoes one after the other, the last one first. What is undone at once comes back here, and it
   * goes on from the outside, so that thousands need no deeper a stack than one.
   */
  private void undo() {
    if (undoing) {
      return;
    }
    undoing = true;
    Owed next = standing().owed();
    Owed begun = null;
    while (next != null && next != begun) {
      begun = next;
      Instance done = walk.at(next.path());
      walk.enter(done.inside(done.common().compensate()));
      next = standing().owed();
    }
    undoing = false;
    if (next == null) {
      Status end = standing().undoFailed() ? Status.COMPENSATION_FAILED : Status.COMPENSATED;
      Execution execution = walk.execution();
      over(end, execution.failure(), execution.handled(), execution.reason());
    }
  }

  private void undone(Instance undo, Failure failure) {
    walk.record(
        new Change.Course.StepCompensated(InstancePath.around(undo.path()), failure),
        walk.activeWithin(undo.path()),
        List.of());
    undo();
  }

  // -- the last steps

  private List<Step> lastSteps() {
    return walk.plan.terms().atEnd();
  }

  private void lastSteps(Change.Course.FinallyStarted started) {
    walk.record(started, active(), List.of());
    walk.enter(Walk.ofFlow(lastSteps().getFirst()));
  }

  private void over(Status outcome, Failure failure, boolean handled, String reason) {
    if (lastSteps().isEmpty()) {
      end(outcome, null, failure, handled, reason);
    } else {
      lastSteps(new Change.Course.FinallyStarted(outcome, null, failure, handled, reason));
    }
  }

  private void end(Status outcome, Object output, Failure failure, boolean handled, String reason) {
    Change last =
        switch (outcome) {
          case COMPLETED -> new Change.Completed(output);
          case FAILED -> new Change.Failed(failure, handled);
          case CANCELLED -> new Change.Cancelled(reason);
          case TIMED_OUT -> new Change.TimedOut();
          case COMPENSATED -> new Change.Course.Compensated();
          case COMPENSATION_FAILED -> new Change.Course.CompensationFailed();
          case QUEUED, RUNNING, WAITING, PAUSED, COMPENSATING, QUARANTINED ->
              throw new IllegalStateException("nothing ends as " + outcome);
        };
    walk.record(last, active(), List.of());
  }

  // -- the steps of all that

  /** A step of these blocks has ended well. */
  void advance(Instance step) {
    Step next = walk.plan.next(step.step());
    if (next != null) {
      walk.enter(step.beside(next));
      return;
    }
    switch (step.place().slot()) {
      case COMPENSATION -> undone(step, null);
      case ON_CANCEL -> cancelled(walk.execution().reason(), standing().closing().compensates());
      default -> {
        Execution e = walk.execution();
        end(standing().closing().outcome(), e.output(), e.failure(), e.handled(), e.reason());
      }
    }
  }

  /** A failure has left a step of these blocks. */
  void failed(Instance step, Failure failure) {
    switch (step.place().slot()) {
      case COMPENSATION -> undone(step, failure);
      case ON_CANCEL -> cancelled(walk.execution().reason(), standing().closing().compensates());
      default -> {
        Execution e = walk.execution();
        Status outcome = standing().closing().outcome();
        if (outcome == Status.COMPLETED) {
          end(Status.FAILED, null, failure, false, null);
        } else {
          end(outcome, null, e.failure(), e.handled(), e.reason());
        }
      }
    }
  }
}
