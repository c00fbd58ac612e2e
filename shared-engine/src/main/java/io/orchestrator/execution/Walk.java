package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One decision in the making: goes through the plan from where the event struck until nothing more
 * follows from it. It keeps the lines that have been written and the execution after them; how
 * steps are entered, end well and end badly is said in {@link Entering}, {@link Ending} and {@link
 * Failing}.
 */
final class Walk {
  final Plan plan;
  final Instant now;
  private final Execution base;
  private final List<Transition> taken = new ArrayList<>();
  private final Entering entering = new Entering(this);
  private final Groups groups = new Groups(this);
  private final Ending ending = new Ending(this);
  private final Failing failing = new Failing(this);
  private final Closer closer = new Closer(this);
  private final Halts halted = new Halts(this);
  private final List<String> owed = new ArrayList<>(0);
  private Map<String, Kept> kept = Map.of();
  private Usage used = Usage.NONE;
  private Execution execution;

  Walk(Plan plan, Execution execution, Instant now) {
    this.plan = plan;
    this.base = execution;
    this.execution = execution;
    this.now = now;
  }

  Decision decision() {
    return taken.isEmpty()
        ? new Decision.Ignored("nothing is due")
        : new Decision.Taken(List.copyOf(taken), execution);
  }

  // -- what is known

  Execution execution() {
    return execution;
  }

  /** How many lines there are by now. */
  int lines() {
    return taken.size();
  }

  Instance at(String path) {
    return Instance.at(plan, path);
  }

  StepState state(Instance step) {
    return execution.step(step.path());
  }

  /**
   * Whether a structure is still at work, in that attempt; it is gone altogether if the iteration
   * that it stood in has ended.
   */
  boolean isOpen(Instance structure, int attempt) {
    StepState state = state(structure);
    return state != null
        && !execution.status().isFinal()
        && state.status() == StepStatus.RUNNING
        && state.outcome() == null
        && state.attempt() == attempt;
  }

  Scope scope(Instance step) {
    return view().of(step);
  }

  View view() {
    return new View(plan, execution, now);
  }

  List<String> activeWithin(String path) {
    return execution.active().stream()
        .map(StepState::path)
        .filter(p -> InstancePath.isWithin(p, path))
        .toList();
  }

  /** When the first attempt of a step began, which may be now. */
  Instant began(Instance step) {
    StepState state = state(step);
    return state != null && state.status().isActive() ? state.startedAt() : now;
  }

  /** A length of time that ends with the step's deadline at the latest. */
  Duration bounded(Instance step, Duration length) {
    Duration left = Deadlines.left(step, began(step), scope(step), now);
    return Deadlines.shorter(length, left == null || left.isNegative() ? null : left);
  }

  // -- recording

  void record(Change change) {
    record(change, List.of(), List.of());
  }

  void record(Change change, List<String> cancelled, List<String> skipped) {
    List<String> debts = Debts.of(plan, execution, change, cancelled);
    List<String> all = owed.isEmpty() ? debts : new ArrayList<>(debts);
    owed.stream().filter(path -> !debts.contains(path)).forEach(all::add);
    Transition transition =
        new Transition(change, List.of(), cancelled, skipped, List.of(), all, used);
    owed.clear();
    used = Usage.NONE;
    taken.add(transition);
    execution = execution.after(transition, now);
  }

  /**
   * A past state is restored: what is active in it is left to the caller.
   *
   * @param finished steps that are not run again when they are entered
   */
  void restore(Change.Repair.Restored line, Map<String, Kept> finished) {
    Transition transition = new Transition(line, List.of(), List.of(), List.of());
    taken.add(transition);
    execution = execution.after(transition, now);
    kept = finished;
  }

  /** What a step gave that is not run again; null if it is run. */
  Kept takeKept(String path) {
    return kept.isEmpty() ? null : kept.remove(path);
  }

  boolean isKept(String path) {
    return kept.containsKey(path);
  }

  void keep(Instance step, Kept what) {
    if (what.skipped()) {
      record(new Change.StepSkipped(step.path(), ""));
      advance(step, null);
      return;
    }
    int attempt = what.attempt() > 0 ? what.attempt() : execution.firstAttempt(step.path());
    record(
        new Change.Repair.StepKept(
            step.path(), attempt, what.output(), what.vars(), what.servedBy()));
    advance(step, what.output());
  }

  /** A call becomes ready: it is part of the line that led to it, not a line of its own. */
  void ready(String path) {
    Transition line = taken.getLast();
    List<String> started = new ArrayList<>(line.started());
    started.add(path);
    amend(line.started(started));
    execution = execution.ready(path, now);
  }

  /** An iteration begins or ends: part of the line that led to it, too. */
  void note(Iteration iteration) {
    Transition line = taken.getLast();
    List<Iteration> iterations = new ArrayList<>(line.iterations());
    iterations.add(iteration);
    amend(line.iterations(iterations));
    execution = execution.after(iteration);
  }

  private void amend(Transition line) {
    taken.set(taken.size() - 1, line);
  }

  // -- the flow itself

  /**
   * @param held whether it waits for its turn before its first step
   */
  void begin(Object input, Map<String, Object> trigger, boolean held) {
    Opening opening = Opening.of(plan, base, input, trigger, now);
    boolean waits = held && opening.broken() == null;
    record(new Change.Started(input, trigger, opening.vars(), waits ? null : opening.timeout()));
    if (waits) {
      record(new Change.Course.Held());
    } else {
      enterFirst(opening);
    }
  }

  /** It is the turn of an execution that was held. */
  void admit() {
    Opening opening = Opening.admitted(plan, execution, now);
    record(new Change.Course.Admitted(opening.timeout()));
    enterFirst(opening);
  }

  void enterFirst(Opening opening) {
    if (opening.broken() != null) {
      failing.reachFlow(opening.broken(), "", false);
    } else if (plan.steps().isEmpty()) {
      closer.finish(null);
    } else {
      enter(ofFlow(plan.steps().getFirst()));
    }
  }

  /** A step of the flow itself, or one of the flow's handlers. */
  static Instance ofFlow(Step step) {
    return new Instance(step, step.path());
  }

  Closer closer() {
    return closer;
  }

  /** What the call that has just ended reports to have cost; it belongs to the next line. */
  void spend(Usage cost) {
    used = cost;
  }

  /** A step that did something although its attempt fails; it belongs to the next line. */
  void owe(Instance step) {
    if (step.common().compensate() != null) {
      owed.add(step.path());
    }
  }

  /** The budget is used up: the execution is paused, or fails whatever contains the step. */
  void exhausted(Instance step, int attempt, String what) {
    if (plan.terms().budget().pauses()) {
      record(new Change.Course.Paused("the budget is used up, " + what));
    } else {
      closer.refuse(step, attempt, Spending.failure(what));
    }
  }

  /**
   * Whether the budget has room for another attempt that has just become ready; without room it is
   * made when the execution is resumed, or never.
   */
  boolean affords(Instance step, int attempt) {
    String exceeded = Spending.exceeded(plan, execution, 0);
    if (exceeded != null) {
      exhausted(step, attempt, exceeded);
    }
    return exceeded == null;
  }

  /** Whatever is due by now happens. */
  void elapse() {
    if (execution.deadline() != null && !now.isBefore(execution.deadline())) {
      closer.timeOut();
      return;
    }
    for (StepState state : execution.active()) {
      if (state.due() != null && !now.isBefore(state.due())) {
        due(state.path());
      }
    }
  }

  // -- steps

  void enter(Instance step) {
    entering.enter(step);
  }

  /** A structure begins its next attempt. */
  void enterAgain(Instance step, int attempt) {
    entering.again(step, attempt);
  }

  /** The sequence of a structure begins; an empty one is over at once. */
  void enterBlock(Instance structure, List<Step> block) {
    if (block.isEmpty()) {
      complete(structure, state(structure).attempt(), null, "");
    } else {
      enter(structure.inside(block.getFirst()));
    }
  }

  /** A step's work has given a result: its {@code output} is mapped and the next thing begins. */
  void complete(Instance step, int attempt, Object result, String servedBy) {
    ending.done(step, attempt, result, null, servedBy);
  }

  void done(Instance step, int attempt, Object result, Map<String, Object> vars) {
    ending.done(step, attempt, result, vars, "");
  }

  /** What follows a step that is done, was skipped or counts as done. */
  void advance(Instance step, Object output) {
    ending.advance(step, output);
  }

  void defer(Instance step, int attempt, Object answer, String servedBy) {
    ending.defer(step, attempt, answer, servedBy);
  }

  /** The timer of an active step, or of an iteration, has perhaps run out. */
  void due(String path) {
    ending.due(path);
  }

  /**
   * An attempt of a step failed: it is made again, or handlers take over, or the failure goes
   * outwards.
   */
  void fail(Instance step, int attempt, Failure failure, boolean handled) {
    failing.fail(step, attempt, failure, handled);
  }

  /** The {@code when} of a step cannot be judged. */
  void unjudged(Instance step, int attempt, ExpressionException broken) {
    failing.unjudged(step, attempt, Failure.fatal("expression", broken.getMessage()));
  }

  void fail(Instance step, int attempt, ExpressionException broken) {
    fail(step, attempt, Failure.fatal("expression", broken.getMessage()), false);
  }

  /** While it is paused nothing follows a step that ends. */
  boolean halts(Instance step) {
    if (execution.standing().paused()) {
      record(new Change.Course.Halted(step.path()));
    }
    return execution.standing().paused();
  }

  /** Whether nothing has followed a step yet that ended during a pause. */
  boolean isHalted(Instance step) {
    return halted.isHalted(step.path());
  }

  /** What was held up by a pause follows now. */
  void follow(List<String> paths) {
    halted.follow(paths);
  }

  void follow(Instance step, StepState failed) {
    failing.follow(step, failed);
  }

  /** Whether another attempt of a step could begin now. */
  boolean inTime(Instance step) {
    return failing.inTime(step, Duration.ZERO);
  }

  Pauses pauses() {
    return entering.pauses();
  }

  Forks forks() {
    return entering.forks();
  }

  Groups groups() {
    return groups;
  }

  Loops loops() {
    return entering.loops();
  }

  Handling handling() {
    return failing.handling();
  }

  /** A failure reaches the flow, at a step of it or at none. */
  void reachFlow(Failure failure, String path, boolean handled) {
    failing.reachFlow(failure, path, handled);
  }

  void outwards(Instance step, Failure failure, boolean handled) {
    failing.outwards(step, failure, handled);
  }
}
