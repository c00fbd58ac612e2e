package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Retry;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One decision in the making: goes through the plan from where the event struck until nothing more
 * follows from it.
 */
final class Walk {
  private static final String TIMEOUT = "timeout";

  private final Plan plan;
  private final Instant now;
  private final List<Transition> taken = new ArrayList<>();
  private final Execution base;
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

  // -- recording

  void record(Change change) {
    record(change, List.of(), List.of());
  }

  private void record(Change change, List<String> cancelled, List<String> skipped) {
    Transition transition = new Transition(change, List.of(), cancelled, skipped);
    taken.add(transition);
    execution = execution.after(transition, now);
  }

  /** A call becomes ready: it is part of the line that led to it, not a line of its own. */
  private void ready(String path) {
    int last = taken.size() - 1;
    Transition line = taken.get(last);
    List<String> started = new ArrayList<>(line.started());
    started.add(path);
    taken.set(last, new Transition(line.change(), started, line.cancelled(), line.skipped()));
    execution = execution.ready(path, now);
  }

  private Scope scope(Step step) {
    return new View(plan, execution, now).of(step);
  }

  // -- begin and end

  void begin(Object input, Map<String, Object> trigger) {
    Map<String, Object> vars = Map.of();
    ExpressionException broken = null;
    if (plan.vars() != null) {
      try {
        vars = View.map(plan.vars().fill(View.beforeStart(plan, base, input, trigger, now)));
      } catch (ExpressionException e) {
        broken = e;
      }
    }
    record(new Change.Started(input, trigger, vars, plan.timeout()));
    if (broken != null) {
      reachFlow(Failure.fatal("expression", "vars: " + broken.getMessage()), false);
    } else if (plan.steps().isEmpty()) {
      finish(null);
    } else {
      enter(plan.steps().getFirst());
    }
  }

  private void finish(Object last) {
    if (plan.output() == null) {
      record(new Change.Completed(last));
      return;
    }
    try {
      Object output = plan.output().fill(new View(plan, execution, now).ofFlow());
      record(new Change.Completed(output));
    } catch (ExpressionException e) {
      record(new Change.Failed(Failure.fatal("expression", "output: " + e.getMessage()), false));
    }
  }

  void cancel(String reason) {
    record(new Change.Cancelled(reason), activeWithin(""), List.of());
  }

  void timeOut() {
    record(new Change.TimedOut(), activeWithin(""), List.of());
  }

  private List<String> activeWithin(String path) {
    String inside = path.isEmpty() ? "" : path + "/";
    return execution.active().stream()
        .map(StepState::path)
        .filter(p -> p.startsWith(inside))
        .toList();
  }

  // -- entering

  private void enter(Step step) {
    int attempt = execution.firstAttempt(step.path());
    try {
      if (step.common().disabled()) {
        skip(step, "");
      } else if (step.common().when() == null || step.common().when().condition(scope(step))) {
        enterKind(step, attempt);
      } else {
        boolean unknown = step.common().when().evaluate(scope(step)) == null;
        skip(step, unknown ? "when: the condition is null, which counts as false" : "");
      }
    } catch (ExpressionException e) {
      fail(step, attempt, expression(e), false);
    }
  }

  private void skip(Step step, String warning) {
    record(new Change.StepSkipped(step.path(), warning));
    advance(step, null);
  }

  private void enterKind(Step step, int attempt) {
    String path = step.path();
    switch (step.kind()) {
      case Kind.Call ignored -> {
        if (step.common().atMostOnce() && attempt > 1) {
          String once = "it was entered before and its call is made at most once";
          fail(step, attempt, Failure.fatal("interrupted", once), false);
        } else {
          ready(path);
        }
      }
      case Kind.Parallel parallel -> {
        record(new Change.StepStarted(path, attempt, "", timeout(step)));
        fork(step, parallel, attempt);
      }
      case Kind.Conditional conditional -> branch(step, conditional, attempt);
      case Kind.Group group -> {
        record(new Change.StepStarted(path, attempt, "", timeout(step)));
        enterBlock(step, group.steps());
      }
      case Kind.Wait wait -> pause(step, attempt, Spans.length(wait.length(), scope(step), now));
      case Kind.Await await ->
          record(
              new Change.StepWaiting(
                  path, attempt, Spans.length(await.timeout(), scope(step), now), null));
      case Kind.Assign assign -> {
        Map<String, Object> values = View.map(assign.values().fill(scope(step)));
        done(step, attempt, values, values, "");
      }
      case Kind.Return end -> {
        Object value = end.value() == null ? null : end.value().fill(scope(step));
        record(new Change.StepCompleted(path, attempt, value, null, ""));
        record(new Change.Completed(value), activeWithin(""), List.of());
      }
      case Kind.AwaitSignal x -> throw new IllegalStateException();
      case Kind.AwaitEvent x -> throw new IllegalStateException();
      case Kind.Approve x -> throw new IllegalStateException();
      case Kind.SubFlow x -> throw new IllegalStateException();
      case Kind.Emit x -> throw new IllegalStateException();
      case Kind.Raise raise ->
          fail(step, attempt, Raised.failure(raise.failure().fill(scope(step))), false);
    }
  }

  private Duration timeout(Step step) {
    return step.common().timeout() == null
        ? null
        : Spans.length(step.common().timeout(), scope(step), now);
  }

  private void pause(Step step, int attempt, Duration length) {
    if (length.isZero() || length.isNegative()) {
      complete(step, attempt, null, "");
    } else {
      record(new Change.StepWaiting(step.path(), attempt, length, null));
    }
  }

  private void fork(Step step, Kind.Parallel parallel, int attempt) {
    for (Step branch : parallel.branches()) {
      enter(branch);
      if (!isOpen(step, attempt)) {
        return; // a branch that ended at once has ended the whole, or made it begin again
      }
    }
    if (parallel.branches().isEmpty()) {
      complete(step, attempt, Map.of(), "");
    }
  }

  private boolean isOpen(Step structure, int attempt) {
    StepState state = execution.step(structure.path());
    return !execution.status().isFinal()
        && state.status() == StepStatus.RUNNING
        && state.attempt() == attempt;
  }

  private void branch(Step step, Kind.Conditional conditional, int attempt) {
    boolean yes = conditional.condition().condition(scope(step));
    List<Step> left = yes ? conditional.otherwise() : conditional.then();
    record(
        new Change.StepStarted(step.path(), attempt, yes ? "then" : "else", timeout(step)),
        List.of(),
        left.stream().map(Step::path).toList());
    enterBlock(step, yes ? conditional.then() : conditional.otherwise());
  }

  private void enterBlock(Step structure, List<Step> block) {
    if (block.isEmpty()) {
      complete(structure, execution.step(structure.path()).attempt(), null, "");
    } else {
      enter(block.getFirst());
    }
  }

  // -- ending well

  /** A step's work has given a result: its {@code output} is mapped and the next thing begins. */
  void complete(Step step, int attempt, Object result, String servedBy) {
    done(step, attempt, result, null, servedBy);
  }

  private void done(
      Step step, int attempt, Object result, Map<String, Object> vars, String servedBy) {
    Object output = result;
    if (step.common().output() != null) {
      try {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("result", result);
        output = step.common().output().fill(new View(plan, execution, now).of(step, more));
      } catch (ExpressionException e) {
        fail(step, attempt, expression(e), false);
        return;
      }
    }
    record(new Change.StepCompleted(step.path(), attempt, output, vars, servedBy));
    advance(step, output);
  }

  /** What follows a step that is done, was skipped or counts as done. */
  private void advance(Step step, Object output) {
    Place place = step.place();
    Step structure = plan.at(place.parent());
    switch (place.slot()) {
      case BRANCH -> join(structure);
      case SEQUENCE -> {
        Step next = plan.next(step);
        if (next != null) {
          enter(next);
        } else if (structure == null) {
          finish(output);
        } else {
          complete(structure, execution.step(structure.path()).attempt(), output, "");
        }
      }
      case HANDLER -> {
        Step next = plan.next(step);
        if (next != null) {
          enter(next);
        } else {
          handlersEnded(structure, place.clause(), output);
        }
      }
      case COMPENSATION, ON_CANCEL, FINALLY ->
          throw new IllegalStateException("nothing enters " + step.path() + " yet");
    }
  }

  private void join(Step structure) {
    List<Step> branches = structure.kind().blocks().getFirst();
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (Step branch : branches) {
      StepState state = execution.step(branch.path());
      boolean done =
          state != null
              && (state.status() == StepStatus.COMPLETED || state.status() == StepStatus.SKIPPED);
      if (!done) {
        return;
      }
      outputs.put(branch.id(), state.output());
    }
    complete(structure, execution.step(structure.path()).attempt(), outputs, "");
  }

  void defer(Step step, int attempt, Object answer) {
    if (!(step.kind() instanceof Kind.Call call) || call.await() == null) {
      fail(
          step,
          attempt,
          Failure.fatal("internal", "step " + step.path() + " awaits no callback"),
          false);
      return;
    }
    try {
      Duration timeout = Spans.length(call.await().timeout(), scope(step), now);
      record(new Change.StepWaiting(step.path(), attempt, timeout, answer));
    } catch (ExpressionException e) {
      fail(step, attempt, expression(e), false);
    }
  }

  // -- time

  /**
   * The timer of an active step has run out, unless something else has ended the step in this very
   * decision.
   */
  void due(String path) {
    StepState state = execution.step(path);
    Step step = plan.at(path);
    boolean gone =
        execution.status().isFinal() || !state.status().isActive() || state.due() == null;
    if (gone || state.due().isAfter(now)) {
      return;
    }
    switch (state.status()) {
      case RETRYING -> {
        if (!(step.kind() instanceof Kind.Call)) {
          enterAgain(step, state.attempt());
        }
      }
      case WAITING -> {
        if (step.kind() instanceof Kind.Wait) {
          complete(step, state.attempt(), null, "");
        } else {
          fail(step, state.attempt(), timeout("no answer came in time"), false);
        }
      }
      case RUNNING ->
          fail(step, state.attempt(), timeout("it took longer than its timeout"), false);
      case COMPLETED, FAILED, SKIPPED, CANCELLED ->
          throw new IllegalStateException(path + " cannot be due");
    }
  }

  private void enterAgain(Step step, int attempt) {
    try {
      enterKind(step, attempt);
    } catch (ExpressionException e) {
      fail(step, attempt, expression(e), false);
    }
  }

  private static Failure timeout(String message) {
    return Failure.temporary(TIMEOUT, message);
  }

  private static Failure expression(ExpressionException e) {
    return Failure.fatal("expression", e.getMessage());
  }

  // -- ending badly

  /**
   * An attempt of a step failed: it is made again, or handlers take over, or the failure goes
   * outwards.
   */
  void fail(Step step, int attempt, Failure failure, boolean handled) {
    List<String> inside = activeWithin(step.path());
    Duration delay = retryDelay(step, attempt, failure);
    if (delay != null) {
      record(
          new Change.StepRetrying(step.path(), attempt + 1, failure, delay, false),
          inside,
          List.of());
      return;
    }
    Handlers handlers = step.common().onError();
    int clause = catching(handlers, step, attempt, failure);
    record(
        new Change.StepFailed(step.path(), attempt, failure, clause, handled), inside, List.of());
    if (clause < 0) {
      outwards(step, failure, handled);
    } else {
      runHandlers(step, handlers, clause);
    }
  }

  private Duration retryDelay(Step step, int attempt, Failure failure) {
    Retry retry = step.common().retry();
    StepState state = execution.step(step.path());
    boolean unanswered =
        state != null && state.status() == StepStatus.WAITING && failure.type().equals(TIMEOUT);
    boolean repeatable = step.kind() instanceof Kind.Call || retry.said();
    if (!repeatable
        || (unanswered && !retry.only().contains(TIMEOUT))
        || step.common().atMostOnce()) {
      return null;
    }
    String seed = execution.id() + "/" + step.path() + "/" + attempt;
    try {
      int tried = execution.attemptSinceEntered(step.path(), attempt);
      return Retries.delay(retry, failure, tried, seed, errorScope(step, failure, attempt));
    } catch (ExpressionException e) {
      return null; // a condition that cannot be answered repeats nothing
    }
  }

  private Scope errorScope(Step step, Failure failure, int attempt) {
    Map<String, Object> error = failure.toData();
    error.put("step", step.id());
    error.put("attempt", (long) attempt);
    return new View(plan, execution, now).of(step, Map.of("error", error));
  }

  private int catching(Handlers handlers, Step step, int attempt, Failure failure) {
    for (int i = 0; i < handlers.clauses().size(); i++) {
      Handlers.Clause clause = handlers.clauses().get(i);
      boolean type = clause.types().isEmpty() || Retries.matches(clause.types(), failure.type());
      if (type && holds(clause, step, attempt, failure)) {
        return i;
      }
    }
    return -1;
  }

  private boolean holds(Handlers.Clause clause, Step step, int attempt, Failure failure) {
    if (clause.when() == null) {
      return true;
    }
    try {
      Scope scope =
          step == null
              ? new View(plan, execution, now).ofFlow(Map.of("error", failure.toData()))
              : errorScope(step, failure, attempt);
      return clause.when().condition(scope);
    } catch (ExpressionException e) {
      return false; // the condition was checked at publish; what it meets now it cannot judge
    }
  }

  private void runHandlers(Step step, Handlers handlers, int clause) {
    List<Step> steps = handlers.clauses().get(clause).steps();
    if (steps.isEmpty()) {
      handlersEnded(step, clause, null);
    } else {
      enter(steps.getFirst());
    }
  }

  /** A failure leaves a step and strikes what contains it. */
  private void outwards(Step step, Failure failure, boolean handled) {
    Place place = step.place();
    Step structure = plan.at(place.parent());
    if (place.slot() == Place.Slot.HANDLER) {
      handlerFailed(structure);
    } else if (structure == null) {
      reachFlow(failure, handled);
    } else {
      fail(structure, execution.step(structure.path()).attempt(), failure, handled);
    }
  }

  /**
   * A failing handler stops the rest; the failure that was being handled is the one that is kept.
   */
  private void handlerFailed(Step step) {
    if (step == null) {
      record(new Change.Failed(execution.failure(), false), activeWithin(""), List.of());
    } else {
      outwards(step, execution.step(step.path()).failure(), false);
    }
  }

  private void handlersEnded(Step step, int clause, Object output) {
    if (step == null) {
      flowHandlersEnded(clause, output);
      return;
    }
    StepState state = execution.step(step.path());
    switch (step.common().onError().clauses().get(clause).then()) {
      case FAIL, COMPENSATE -> outwards(step, state.failure(), true);
      case CONTINUE -> {
        record(new Change.StepRecovered(step.path(), output));
        advance(step, output);
      }
      case RETRY -> {
        if (state.retriedByHandler() || step.common().atMostOnce()) {
          outwards(step, state.failure(), true);
        } else {
          record(
              new Change.StepRetrying(
                  step.path(), state.attempt() + 1, state.failure(), Duration.ZERO, true));
          due(step.path());
        }
      }
    }
  }

  private void reachFlow(Failure failure, boolean handled) {
    int clause = catching(plan.onError(), null, 0, failure);
    if (clause < 0) {
      record(new Change.Failed(failure, handled), activeWithin(""), List.of());
      return;
    }
    record(new Change.HandlersStarted(failure, clause, handled), activeWithin(""), List.of());
    runHandlers(null, plan.onError(), clause);
  }

  private void flowHandlersEnded(int clause, Object output) {
    switch (plan.onError().clauses().get(clause).then()) {
      case FAIL, RETRY, COMPENSATE -> record(new Change.Failed(execution.failure(), true));
      case CONTINUE -> finish(output);
    }
  }
}
