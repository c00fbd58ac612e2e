package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;

/** An execution in the making: it takes up what one line of the history says. Not shared. */
final class Draft {
  final UUID id;
  final String tenant;
  int revision;
  Status status = Status.QUEUED;
  Object input;
  Map<String, Object> trigger;
  Map<String, Object> vars = Map.of();
  Steps steps = Steps.NONE;
  Map<String, Integer> spent = Map.of();
  final List<String> active;
  Instant startedAt;
  Instant endedAt;
  Instant deadline;
  Object output;
  Failure failure;
  boolean handled;
  int clause = -1;
  String failedStep = "";
  String reason;
  Standing standing = Standing.NONE;
  Mailbox mailbox = Mailbox.EMPTY;

  Draft(UUID id, String tenant) {
    this.id = id;
    this.tenant = tenant;
    this.active = new ArrayList<>();
  }

  void put(StepState state) {
    steps = steps.with(state);
    boolean listed = active.contains(state.path());
    if (state.status().isActive() && !listed) {
      active.add(state.path());
    } else if (!state.status().isActive() && listed) {
      active.remove(state.path());
    }
  }

  /** A call becomes ready, perhaps in an attempt that was put off before it began. */
  void ready(String path, Instant at) {
    StepState state = steps.get(path);
    if (state != null && state.status() == StepStatus.RETRYING) {
      put(state.ready());
    } else {
      spend(path);
      put(StepState.ready(path, 1 + Spent.of(spent, path), at));
    }
    standing = standing.called(1);
  }

  /** A step has to be undone if things go wrong; what it saw is kept for that. */
  void owe(String path) {
    standing = standing.owing(path, steps);
  }

  void skip(String path, Instant at) {
    spend(path);
    put(StepState.ended(path, StepStatus.SKIPPED, 0, at));
  }

  /**
   * What is known of a step that is or was at work; one that had ended and is entered again begins
   * a new life.
   */
  private StepState known(String path, int attempt, Instant at) {
    StepState state = steps.get(path);
    if (state != null && (state.status().isActive() || state.attempt() == attempt)) {
      return state;
    }
    spend(path);
    return StepState.ready(path, attempt, at);
  }

  /** Keeps the number of a step's last attempt, so that its next life goes on counting. */
  private void spend(String path) {
    StepState state = steps.get(path);
    if (state != null && state.attempt() > spent.getOrDefault(path, 0)) {
      spent = new LinkedHashMap<>(spent);
      spent.put(path, state.attempt());
    }
  }

  /** A structure is entered again: what it holds has not happened. */
  private void forget(String structure) {
    spent = Spent.again(spent, steps, structure);
    remove(path -> InstancePath.isWithin(path, structure));
  }

  private void remove(Predicate<String> paths) {
    steps = steps.without(paths);
    active.removeIf(paths);
  }

  void apply(Iteration iteration) {
    StepState loop = steps.get(InstancePath.loop(iteration.path()));
    Progress progress = loop.progress() == null ? Progress.over(null) : loop.progress();
    int number = InstancePath.number(iteration.path());
    switch (iteration) {
      case Iteration.Begun ignored -> put(loop.with(progress.begun(number)));
      case Iteration.Ended e -> {
        drop(iteration.path());
        put(loop.with(progress.ended(number, e.result(), false, e.ran())));
      }
      case Iteration.Failed f -> {
        drop(iteration.path());
        put(loop.with(progress.ended(number, null, true, f.ran())));
      }
    }
  }

  private void drop(String iteration) {
    spent = Spent.ended(spent, steps, iteration);
    remove(path -> path.equals(iteration) || InstancePath.isWithin(path, iteration));
  }

  private Instant due(Instant at, Duration delay) {
    return delay == null ? null : at.plus(delay);
  }

  private int armed(Duration delay) {
    return delay == null ? 0 : revision;
  }

  void apply(Change change, Instant at) {
    switch (change) {
      case Change.Started started -> {
        startedAt = at;
        input = started.input();
        trigger = started.trigger();
        vars = started.vars();
        deadline = due(at, started.timeout());
      }
      case Change.StepStarted started -> {
        if (started.attempt() > 1) {
          forget(started.path());
        }
        Progress progress = started.items() == null ? null : Progress.over(started.items());
        put(
            known(started.path(), started.attempt(), at)
                .entered(
                    started.attempt(),
                    due(at, started.timeout()),
                    armed(started.timeout()),
                    progress));
      }
      case Change.StepClosing closing ->
          put(
              steps
                  .get(closing.path())
                  .closing(new Outcome(closing.output(), closing.failure(), closing.handled())));
      case Change.CallBegun begun ->
          put(known(begun.path(), begun.attempt(), at).begun(begun.attempt()));
      case Change.StepCompleted done -> {
        put(
            known(done.path(), done.attempt(), at)
                .completed(done.attempt(), done.output(), done.servedBy(), at));
        set(done.vars());
      }
      case Change.StepRetrying again -> {
        StepState state =
            again.byHandler()
                ? steps.get(again.path())
                : known(again.path(), again.attempt() - 1, at);
        put(state.retrying(again, at.plus(again.delay()), revision));
      }
      case Change.StepFailed failed ->
          put(known(failed.path(), failed.attempt(), at).failed(failed, at));
      case Change.StepRecovered recovered -> {
        StepState state = steps.get(recovered.path());
        put(state.completed(state.attempt(), recovered.output(), "", at));
      }
      case Change.StepSkipped skipped -> skip(skipped.path(), at);
      case Change.StepWaiting waiting ->
          put(
              known(waiting.path(), waiting.attempt(), at)
                  .waiting(
                      waiting.attempt(),
                      due(at, waiting.delay()),
                      armed(waiting.delay()),
                      waiting.call(),
                      waiting.servedBy()));
      case Change.HandlersStarted started -> {
        failure = started.failure();
        failedStep = started.step();
        clause = started.clause();
        handled = started.handled();
        standing = standing.closing(null);
      }
      case Change.Completed completed -> {
        output = completed.output();
        end(Status.COMPLETED, at);
      }
      case Change.Failed failed -> {
        output = null; // what it would have been, had its last steps not failed
        failure = failed.failure();
        handled = failed.handled();
        end(Status.FAILED, at);
      }
      case Change.Cancelled cancelled -> {
        reason = cancelled.reason();
        end(Status.CANCELLED, at);
      }
      case Change.Crossing crossing -> apply(crossing, at);
      case Change.TimedOut ignored -> end(Status.TIMED_OUT, at);
      case Change.Course course -> apply(course, at);
      case Change.Repair.Restored restored -> Restoring.apply(this, restored, at);
      case Change.Repair.StepKept kept -> {
        put(
            known(kept.path(), kept.attempt(), at)
                .completed(kept.attempt(), kept.output(), kept.servedBy(), at));
        set(kept.vars());
      }
    }
  }

  private void set(Map<String, Object> values) {
    if (values != null) {
      Map<String, Object> merged = new LinkedHashMap<>(vars);
      merged.putAll(values);
      vars = merged;
    }
  }

  private void apply(Change.Course course, Instant at) {
    switch (course) {
      case Change.Course.EndStarted c -> end(c);
      case Change.Course.CancelStarted c -> {
        reason = c.reason();
        close(Closing.Phase.CANCELLING, Status.CANCELLED, c.compensates());
      }
      case Change.Course.CompensationStarted c -> {
        because(c.failure(), c.handled(), c.reason());
        close(Closing.Phase.COMPENSATING, null, false);
      }
      case Change.Course.StepCompensated c -> {
        StepState state = steps.get(c.path());
        if (c.failure() == null && state != null) {
          put(state.compensated(at));
        }
        standing = standing.undone(c.path(), c.failure() != null);
      }
      case Change.Course.FinallyStarted c -> {
        output = c.output();
        because(c.failure(), c.handled(), c.reason());
        close(Closing.Phase.LAST_STEPS, c.outcome(), false);
      }
      case Change.Course.Compensated ignored -> end(Status.COMPENSATED, at);
      case Change.Course.CompensationFailed ignored -> end(Status.COMPENSATION_FAILED, at);
      case Change.Course.Paused ignored -> standing = standing.paused(true, Raise.NONE);
      case Change.Course.Resumed c -> standing = standing.paused(false, c.raise());
      case Change.Course.Halted c -> standing = standing.halted(c.path());
      case Change.Course.Held ignored -> standing = standing.held(true);
      case Change.Course.Admitted c -> {
        standing = standing.held(false);
        deadline = due(at, c.timeout());
      }
    }
  }

  /** Handlers of the flow, which its timeout still bounds, may follow a failure only. */
  private void end(Change.Course.EndStarted started) {
    Instant bound = deadline;
    close(Closing.Phase.SETTLING, started.outcome(), started.compensates());
    switch (started.outcome()) {
      case COMPLETED -> output = started.output();
      case FAILED -> {
        output = null;
        failure = started.failure();
        handled = started.handled();
        failedStep = started.step();
        deadline = started.handled() ? null : bound;
      }
      case CANCELLED -> reason = started.reason();
      default -> {}
    }
  }

  private void because(Failure why, boolean dealtWith, String wish) {
    failure = why;
    handled = dealtWith;
    reason = wish;
  }

  /** From now on it ends: its own timeout does not hurry that, and no pause holds it up. */
  private void close(Closing.Phase phase, Status outcome, boolean compensates) {
    standing = standing.closing(new Closing(phase, outcome, compensates)).paused(false, Raise.NONE);
    deadline = null;
  }

  private void apply(Change.Crossing change, Instant at) {
    switch (change) {
      case Change.StepListening c ->
          put(
              known(c.path(), c.attempt(), at)
                  .listening(c.attempt(), new Pause.Listening(c.type(), c.key())));
      case Change.SignalReceived c ->
          mailbox = mailbox.received(new Mailbox.Signal(c.id(), c.name(), c.data()));
      case Change.SignalTaken c -> mailbox = mailbox.taken(c.id());
      case Change.EventTaken c -> mailbox = mailbox.heard(c.id());
      case Change.EventEmitted ignored -> {}
      case Change.ApprovalRequested c ->
          put(
              known(c.path(), c.attempt(), at)
                  .asked(
                      c.attempt(),
                      due(at, c.delay()),
                      revision,
                      new Pause.Asked(at, c.question(), List.of(), 0, false)));
      case Change.ApprovalReminded c ->
          ask(c.path(), at.plus(c.delay()), asked(c.path()).reminded(c.number()));
      case Change.ApprovalEscalated c ->
          ask(c.path(), at.plus(c.delay()), asked(c.path()).escalated(c.to()));
      case Change.DecisionMade c ->
          put(
              steps
                  .get(c.path())
                  .told(asked(c.path()).voted(new Pause.Vote(c.by(), c.decision(), c.form(), at))));
    }
  }

  private Pause.Asked asked(String path) {
    return (Pause.Asked) steps.get(path).pause();
  }

  private void ask(String path, Instant due, Pause.Asked asked) {
    StepState state = steps.get(path);
    put(state.asked(state.attempt(), due, revision, asked));
  }

  private void end(Status end, Instant at) {
    status = end;
    endedAt = at;
  }

  /** What the active steps say: waiting when nothing can run, queued until the first progress. */
  Status derived() {
    if (status.isFinal()) {
      return status;
    }
    if (standing.paused()) {
      return Status.PAUSED;
    }
    if (standing.held()) {
      return Status.QUEUED;
    }
    if (standing.isIn(Closing.Phase.COMPENSATING)) {
      return Status.COMPENSATING;
    }
    boolean waits = false;
    boolean runs = false;
    for (String path : active) {
      StepState step = Objects.requireNonNull(steps.get(path));
      boolean waiting = step.status() == StepStatus.WAITING;
      waits |= waiting;
      runs |= step.isLeaf() && !waiting;
    }
    if (waits && !runs) {
      return Status.WAITING;
    }
    return revision == 1 ? Status.QUEUED : Status.RUNNING;
  }
}
