package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

  private Draft draft() {
    Draft draft = new Draft(id, tenant);
    draft.revision = revision;
    draft.status = status;
    draft.input = input;
    draft.trigger = trigger;
    draft.vars = vars;
    draft.steps = steps;
    draft.spent = spent;
    draft.startedAt = startedAt;
    draft.endedAt = endedAt;
    draft.deadline = deadline;
    draft.output = output;
    draft.failure = failure;
    draft.handled = handled;
    draft.clause = clause;
    draft.failedStep = failedStep;
    draft.reason = reason;
    draft.standing = standing;
    draft.mailbox = mailbox;
    draft.active.addAll(active);
    return draft;
  }

  /** An execution of which nothing has happened yet: revision 0. */
  public static Execution blank(UUID id, String tenant) {
    return new Execution(new Draft(id, tenant));
  }

  /** The execution after one more line of its history, written at that database time. */
  public Execution after(Transition transition, Instant at) {
    Draft draft =
        transition.change() instanceof Change.Repair.Restored restored
            ? restored(restored)
            : draft();
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

  private Draft restored(Change.Repair.Restored line) {
    if (line.past() == null) {
      throw new IllegalStateException("nobody says what revision " + line.revision() + " was");
    }
    Draft draft = line.past().draft();
    draft.revision = revision;
    return draft;
  }

  /** The same after lines of which nothing but their number is known; only to be left. */
  public Execution at(int later) {
    Draft draft = draft();
    draft.revision = later;
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
    Draft draft = draft();
    draft.ready(path, at);
    draft.status = draft.derived();
    return new Execution(draft);
  }

  /** The execution with an iteration that begins or ends; part of the line before, too. */
  Execution after(Iteration iteration) {
    Draft draft = draft();
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

  Map<String, Integer> spent() {
    return spent;
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
}
