package io.orchestrator.execution;

import io.orchestrator.expression.Json;
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

/** One run of a version: what its history adds up to. Immutable. */
public final class Execution {
  /** The revision of one that waits for its turn before its first step. */
  public static final int HELD_REVISION = 2;

  private final UUID id;
  private final String tenant;
  private final int revision;
  private final Status status;
  private final Object input;
  private final Map<String, Object> trigger;
  private final Map<String, Object> vars;
  private final Steps steps;
  private final Map<String, Integer> spent;
  private final List<String> active;
  private List<StepState> activeSteps; // made when first asked for; the same whoever makes it
  private final Instant startedAt;
  private final Instant endedAt;
  private final Instant deadline;
  private final Object output;
  private final Failure failure;
  private final boolean handled;
  private final int clause;
  private final String failedStep;
  private final String reason;
  private final Standing standing;
  private final Mailbox mailbox;

  private Execution(Draft draft) {
    this.id = draft.id;
    this.tenant = draft.tenant;
    this.revision = draft.revision;
    this.status = draft.status;
    this.input = draft.input;
    this.trigger = draft.trigger;
    this.vars = draft.vars;
    this.steps = draft.steps;
    this.spent = draft.spent;
    this.active = List.copyOf(draft.active);
    this.startedAt = draft.startedAt;
    this.endedAt = draft.endedAt;
    this.deadline = draft.deadline;
    this.output = draft.output;
    this.failure = draft.failure;
    this.handled = draft.handled;
    this.clause = draft.clause;
    this.failedStep = draft.failedStep;
    this.reason = draft.reason;
    this.standing = draft.standing;
    this.mailbox = draft.mailbox;
  }

  /** An execution of which nothing has happened yet: revision 0. */
  public static Execution blank(UUID id, String tenant) {
    return new Execution(new Draft(id, tenant));
  }

  /** The execution after one more line of its history, written at that database time. */
  public Execution after(Transition transition, Instant at) {
    Draft draft = new Draft(this);
    draft.revision++;
    draft.apply(transition.change(), at);
    transition.cancelled().forEach(path -> draft.put(draft.steps.get(path).cancelled(at)));
    transition.skipped().forEach(path -> draft.skip(path, at));
    transition.owed().forEach(draft::owe);
    transition.iterations().forEach(draft::apply);
    transition.started().forEach(path -> draft.ready(path, at));
    draft.standing = draft.standing.used(transition.used());
    draft.status = draft.derived();
    return new Execution(draft);
  }

  /** The same with several lines of one moment. */
  public Execution after(List<Transition> transitions, Instant at) {
    Execution next = this;
    for (Transition transition : transitions) {
      next = next.after(transition, at);
    }
    return next;
  }

  /**
   * The execution with one more call that is ready to run; part of the line before, no line of its
   * own.
   */
  Execution ready(String path, Instant at) {
    Draft draft = new Draft(this);
    draft.ready(path, at);
    draft.status = draft.derived();
    return new Execution(draft);
  }

  /** The execution with an iteration that begins or ends; part of the line before, too. */
  Execution after(Iteration iteration) {
    Draft draft = new Draft(this);
    draft.apply(iteration);
    draft.status = draft.derived();
    return new Execution(draft);
  }

  public UUID id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  /** How many lines its history has. */
  public int revision() {
    return revision;
  }

  public Status status() {
    return status;
  }

  public Object input() {
    return input;
  }

  /** What {@code $trigger} is; null for a direct start. */
  public Map<String, Object> trigger() {
    return trigger;
  }

  public Map<String, Object> vars() {
    return vars;
  }

  /** The step at a path, null if it has not been reached. */
  public StepState step(String path) {
    return steps.get(path);
  }

  /**
   * The number of the attempt that a step begins with if it is entered now: no attempt of a path
   * has the number of another.
   */
  int firstAttempt(String path) {
    StepState state = steps.get(path);
    return 1 + Math.max(Spent.of(spent, path), state == null ? 0 : state.attempt());
  }

  /** Which attempt this one is, counted from 1 since the step was entered last. */
  int attemptSinceEntered(String path, int attempt) {
    StepState state = steps.get(path);
    boolean entersAgain = state != null && !state.status().isActive() && attempt > state.attempt();
    return attempt - (entersAgain ? state.attempt() : Spent.of(spent, path));
  }

  /** Every step that was reached, in the order of first sight. */
  public List<StepState> steps() {
    return steps.all();
  }

  /** The steps to which something can still happen, in the order in which they became active. */
  public List<StepState> active() {
    List<StepState> known = activeSteps;
    if (known == null) {
      StepState[] states = new StepState[active.size()];
      for (int i = 0; i < states.length; i++) {
        states[i] = steps.get(active.get(i));
      }
      known = List.of(states);
      activeSteps = known;
    }
    return known;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** When it became final, null before. */
  public Instant endedAt() {
    return endedAt;
  }

  /** When its own timeout runs out, null if it has none. */
  public Instant deadline() {
    return deadline;
  }

  public Object output() {
    return output;
  }

  /** Why it failed, or is about to fail while the flow's handlers run; null else. */
  public Failure failure() {
    return failure;
  }

  /** Whether error handlers dealt with the failure. */
  public boolean handled() {
    return handled;
  }

  /** The flow's own error handler at work, -1 if none. */
  public int clause() {
    return clause;
  }

  /** The step of the flow with which it failed; empty if it has not, or without a step. */
  String failedStep() {
    return failedStep;
  }

  /** Why it was cancelled, null if it was not. */
  public String reason() {
    return reason;
  }

  /** How it stands as a whole. */
  Standing standing() {
    return standing;
  }

  /** Whether it waits for its turn before its first step. */
  public boolean isHeld() {
    return standing.held();
  }

  /** How many calls were begun, repetitions not counted. */
  public long calls() {
    return standing.calls();
  }

  /** What its calls reported to have cost. */
  public Usage used() {
    return standing.used();
  }

  /** What was said to it from outside. */
  Mailbox mailbox() {
    return mailbox;
  }

  /**
   * The active steps as compact JSON: path, status, attempt and, if a timer is running, the
   * revision that set it, else 0 before what only a loop has: the number of the iteration below
   * which all have ended.
   */
  public String frontier() {
    List<Object> lines = new ArrayList<>(active.size());
    for (StepState step : active()) {
      List<Object> line = new ArrayList<>(4);
      line.add(step.path());
      line.add(step.status().text());
      line.add((long) step.attempt());
      if (step.due() != null || step.progress() != null) {
        line.add((long) step.armed());
      }
      if (step.progress() != null) {
        line.add((long) step.progress().lowWater());
      }
      lines.add(line);
    }
    return Json.write(lines);
  }

  @Override
  public String toString() {
    return "execution " + id + " at revision " + revision + " " + status.text() + " " + active;
  }

  /** An execution in the making. */
  private static final class Draft {
    private final UUID id;
    private final String tenant;
    private int revision;
    private Status status = Status.QUEUED;
    private Object input;
    private Map<String, Object> trigger;
    private Map<String, Object> vars = Map.of();
    private Steps steps = Steps.NONE;
    private Map<String, Integer> spent = Map.of();
    private final List<String> active;
    private Instant startedAt;
    private Instant endedAt;
    private Instant deadline;
    private Object output;
    private Failure failure;
    private boolean handled;
    private int clause = -1;
    private String failedStep = "";
    private String reason;
    private Standing standing = Standing.NONE;
    private Mailbox mailbox = Mailbox.EMPTY;

    Draft(UUID id, String tenant) {
      this.id = id;
      this.tenant = tenant;
      this.active = new ArrayList<>();
    }

    Draft(Execution from) {
      this.id = from.id;
      this.tenant = from.tenant;
      this.revision = from.revision;
      this.status = from.status;
      this.input = from.input;
      this.trigger = from.trigger;
      this.vars = from.vars;
      this.steps = from.steps;
      this.spent = from.spent;
      this.active = new ArrayList<>(from.active);
      this.startedAt = from.startedAt;
      this.endedAt = from.endedAt;
      this.deadline = from.deadline;
      this.output = from.output;
      this.failure = from.failure;
      this.handled = from.handled;
      this.clause = from.clause;
      this.failedStep = from.failedStep;
      this.reason = from.reason;
      this.standing = from.standing;
      this.mailbox = from.mailbox;
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

    void ready(String path, Instant at) {
      spend(path);
      put(StepState.ready(path, 1 + Spent.of(spent, path), at));
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
     * What is known of a step that is or was at work; one that had ended and is entered again
     * begins a new life.
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
          put(loop.with(progress.ended(number, e.result(), false)));
        }
        case Iteration.Failed ignored -> {
          drop(iteration.path());
          put(loop.with(progress.ended(number, null, true)));
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
          if (done.vars() != null) {
            Map<String, Object> merged = new LinkedHashMap<>(vars);
            merged.putAll(done.vars());
            vars = merged;
          }
        }
        case Change.StepRetrying again -> {
          StepState state =
              again.byHandler()
                  ? steps.get(again.path())
                  : known(again.path(), again.attempt() - 1, at);
          put(
              state.retrying(
                  again.attempt(),
                  again.failure(),
                  at.plus(again.delay()),
                  revision,
                  again.byHandler()));
        }
        case Change.StepFailed failed ->
            put(
                known(failed.path(), failed.attempt(), at)
                    .failed(
                        failed.attempt(), failed.failure(), failed.clause(), failed.handled(), at));
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

    /** From now on it ends, and its own timeout does not hurry that. */
    private void close(Closing.Phase phase, Status outcome, boolean compensates) {
      standing = standing.closing(new Closing(phase, outcome, compensates));
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
                    .told(
                        asked(c.path()).voted(new Pause.Vote(c.by(), c.decision(), c.form(), at))));
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
    private Status derived() {
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
}
