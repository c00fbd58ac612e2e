package io.orchestrator.execution;

import java.time.Instant;

/**
 * One step of one execution.
 *
 * @param structure whether it contains the steps that are at work
 * @param attempt the current one, from 1
 * @param due when its timer, timeout or next attempt is due; null if it has none
 * @param armed the revision that set {@code due}; 0 if it has none
 * @param output what {@code $id} is; null until it is done
 * @param failure of the last attempt; null if none failed
 * @param clause the error handler that is at work or was; -1 if none
 * @param handled whether handlers inside dealt with the failure
 * @param servedBy the adapter that answered instead of its own; empty if none
 * @param call what the call answered that announced a callback; null if there was none
 * @param begun whether the start of a call that may be made only once is committed
 * @param unjudged whether its {@code when} could not be judged, so that the step has not begun
 * @param retriedByHandler whether {@code then: retry} has been used
 * @param progress of a loop that is at work or was cancelled; null for everything else
 * @param outcome of a structure that ends once what has to be done first is done; null else
 * @param pause what a wait for an event or for people has gathered; null for everything else
 */
public record StepState(
    String path,
    StepStatus status,
    boolean structure,
    int attempt,
    Instant startedAt,
    Instant endedAt,
    Instant due,
    int armed,
    Object output,
    Failure failure,
    int clause,
    boolean handled,
    String servedBy,
    Object call,
    boolean begun,
    boolean unjudged,
    boolean retriedByHandler,
    Progress progress,
    Outcome outcome,
    Pause pause) {

  /** A call that is ready to run. */
  static StepState ready(String path, int attempt, Instant at) {
    return new Edit(path, StepStatus.RUNNING, attempt, at).made();
  }

  /** A step that never was at work. */
  static StepState ended(String path, StepStatus status, int attempt, Instant at) {
    return new Edit(path, status, attempt, at).ended(at).made();
  }

  StepState entered(int attempt, Instant due, int armed, Progress progress) {
    Edit edit = again(StepStatus.RUNNING, attempt).due(due, armed);
    edit.structure = true;
    edit.progress = progress;
    return edit.made();
  }

  StepState begun(int attempt) {
    Edit edit = again(StepStatus.RUNNING, attempt);
    edit.structure = false;
    edit.begun = true;
    return edit.made();
  }

  StepState completed(int attempt, Object output, String servedBy, Instant at) {
    Edit edit = over(StepStatus.COMPLETED, attempt, at);
    edit.output = output;
    edit.handled = false;
    edit.servedBy = servedBy;
    edit.progress = left();
    return edit.made();
  }

  /** What is kept of a loop that is over. */
  private Progress left() {
    return progress == null ? null : progress.left();
  }

  StepState retrying(Change.StepRetrying again, Instant due, int armed) {
    Edit edit = again(StepStatus.RETRYING, again.attempt()).due(due, armed);
    edit.failure = again.failure();
    edit.retriedByHandler |= again.byHandler();
    edit.unjudged = again.unjudged();
    return edit.made();
  }

  /** An attempt that was put off begins. */
  StepState ready() {
    return again(StepStatus.RUNNING, attempt).made();
  }

  StepState failed(Change.StepFailed end, Instant at) {
    Edit edit = over(StepStatus.FAILED, end.attempt(), at);
    edit.failure = end.failure();
    edit.clause = end.clause();
    edit.handled = end.handled();
    edit.unjudged = end.unjudged();
    edit.progress = left();
    return edit.made();
  }

  StepState waiting(int attempt, Instant due, int armed, Object call, String servedBy) {
    Edit edit = again(StepStatus.WAITING, attempt).due(due, armed);
    edit.structure = false;
    edit.call = call;
    edit.servedBy = servedBy;
    edit.pause = pause;
    return edit.made();
  }

  /** It listens for events, and looks for earlier ones. */
  StepState listening(int attempt, Pause.Listening listening) {
    Edit edit = again(StepStatus.RUNNING, attempt);
    edit.structure = false;
    edit.pause = listening;
    return edit.made();
  }

  /** It has asked people, or has asked them again. */
  StepState asked(int attempt, Instant due, int armed, Pause.Asked asked) {
    Edit edit = again(StepStatus.WAITING, attempt).due(due, armed);
    edit.structure = false;
    edit.pause = asked;
    return edit.made();
  }

  /** It has been told something, and waits on. */
  StepState told(Pause.Asked asked) {
    Edit edit = new Edit(this);
    edit.pause = asked;
    return edit.made();
  }

  /** Somebody has said what it gave. */
  StepState with(Object edited) {
    Edit edit = new Edit(this);
    edit.output = edited;
    return edit.made();
  }

  /** A structure that goes on in a restored state: its time begins anew, perhaps its number. */
  StepState again(int attempt, Instant due, int armed) {
    Edit edit = new Edit(this);
    edit.attempt = attempt;
    return edit.due(due, armed).made();
  }

  StepState cancelled(Instant at) {
    Edit edit = over(StepStatus.CANCELLED, attempt, at);
    edit.progress = progress; // the finally of a group inside may still look at its item
    return edit.made();
  }

  /** It ran and was undone; its output stays. */
  StepState compensated(Instant at) {
    Edit edit = over(StepStatus.COMPENSATED, attempt, at);
    edit.output = output;
    edit.servedBy = servedBy;
    return edit.made();
  }

  /** A loop that has come further. */
  StepState with(Progress further) {
    Edit edit = new Edit(this);
    edit.progress = further;
    return edit.made();
  }

  /** A group whose steps are over and whose {@code finally} begins; its timer stops. */
  StepState closing(Outcome pending) {
    Edit edit = new Edit(this).due(null, 0);
    edit.outcome = pending;
    return edit.made();
  }

  /** What holds from one attempt to the next: the last failure, and that a handler repeated it. */
  private Edit again(StepStatus next, int attempt) {
    Edit edit = new Edit(path, next, attempt, startedAt);
    edit.structure = structure;
    edit.failure = failure;
    edit.retriedByHandler = retriedByHandler;
    return edit;
  }

  private Edit over(StepStatus end, int attempt, Instant at) {
    Edit edit = again(end, attempt).ended(at);
    edit.clause = clause;
    edit.handled = handled;
    edit.call = call;
    edit.begun = begun;
    edit.pause = pause;
    return edit;
  }

  /**
   * Whether it waits for somebody to do or say something, a call or an answer, and holds no other
   * steps.
   */
  boolean isLeaf() {
    return status.isActive() && (!structure || status == StepStatus.RETRYING);
  }

  /** A state in the making: what is not said has its usual value. */
  private static final class Edit {
    private final String path;
    private final StepStatus status;
    private int attempt;
    private final Instant startedAt;
    private boolean structure;
    private Instant endedAt;
    private Instant due;
    private int armed;
    private Object output;
    private Failure failure;
    private int clause = -1;
    private boolean handled;
    private String servedBy = "";
    private Object call;
    private boolean begun;
    private boolean unjudged;
    private boolean retriedByHandler;
    private Progress progress;
    private Pause pause;
    private Outcome outcome;

    Edit(String path, StepStatus status, int attempt, Instant startedAt) {
      this.path = path;
      this.status = status;
      this.attempt = attempt;
      this.startedAt = startedAt;
    }

    Edit(StepState from) {
      this(from.path, from.status, from.attempt, from.startedAt);
      structure = from.structure;
      endedAt = from.endedAt;
      due = from.due;
      armed = from.armed;
      output = from.output;
      failure = from.failure;
      clause = from.clause;
      handled = from.handled;
      servedBy = from.servedBy;
      call = from.call;
      begun = from.begun;
      unjudged = from.unjudged;
      retriedByHandler = from.retriedByHandler;
      progress = from.progress;
      pause = from.pause;
      outcome = from.outcome;
    }

    Edit ended(Instant at) {
      endedAt = at;
      return this;
    }

    Edit due(Instant when, int revision) {
      due = when;
      armed = revision;
      return this;
    }

    StepState made() {
      return new StepState(
          path,
          status,
          structure,
          attempt,
          startedAt,
          endedAt,
          due,
          armed,
          output,
          failure,
          clause,
          handled,
          servedBy,
          call,
          begun,
          unjudged,
          retriedByHandler,
          progress,
          outcome,
          pause);
    }
  }
}
