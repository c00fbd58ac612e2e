package io.orchestrator.execution;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a step is entered. */
final class Entering {
  private final Walk walk;
  private final Forks forks;
  private final Loops loops;
  private final Pauses pauses;

  Entering(Walk walk) {
    this.walk = walk;
    this.forks = new Forks(walk);
    this.loops = new Loops(walk);
    this.pauses = new Pauses(walk);
  }

  Forks forks() {
    return forks;
  }

  Loops loops() {
    return loops;
  }

  Pauses pauses() {
    return pauses;
  }

  void enter(Instance step) {
    Kept kept = walk.takeKept(step.path());
    if (kept != null) {
      walk.keep(step, kept);
    } else if (step.common().disabled()) {
      skip(step, "");
    } else {
      int attempt = walk.execution().firstAttempt(step.path());
      judge(step, attempt, () -> begin(step, attempt));
    }
  }

  /** An attempt of a step that could not be judged begins with its {@code when}, as the first. */
  void again(Instance step, int attempt) {
    StepState state = walk.state(step);
    if (state.unjudged()) {
      judge(step, attempt, () -> putOff(step, state, attempt));
    } else {
      begin(step, attempt);
    }
  }

  private void judge(Instance step, int attempt, Runnable wanted) {
    Expression when = step.common().when();
    String warning;
    try {
      if (when == null || when.condition(walk.scope(step))) {
        warning = null;
      } else {
        warning = warning("when", when, step);
      }
    } catch (ExpressionException e) {
      walk.unjudged(step, attempt, e);
      return;
    }
    if (warning == null) {
      wanted.run();
    } else {
      skip(step, warning);
    }
  }

  /** A call is ready as part of a line, and this one has no other. */
  private void putOff(Instance step, StepState state, int attempt) {
    if (StateMachine.isRepeated(step.kind())) {
      walk.record(
          new Change.StepRetrying(step.path(), attempt, state.failure(), Duration.ZERO, false));
    }
    begin(step, attempt);
  }

  private void begin(Instance step, int attempt) {
    try {
      enterKind(step, attempt);
    } catch (ExpressionException e) {
      walk.fail(step, attempt, e);
    }
  }

  private void skip(Instance step, String warning) {
    walk.record(new Change.StepSkipped(step.path(), warning));
    walk.advance(step, null);
  }

  private void enterKind(Instance step, int attempt) {
    boolean calls = StateMachine.isRepeated(step.kind());
    String exceeded = Spending.exceeded(walk.plan, walk.execution(), calls ? 1 : 0);
    boolean halts = walk.plan.terms().budget().pauses();
    if (exceeded != null && !(calls && halts)) {
      if (halts) { // it is entered again when it is resumed
        Failure why = Spending.failure(exceeded);
        walk.record(new Change.StepRetrying(step.path(), attempt, why, Duration.ZERO, false));
      }
      walk.exhausted(step, attempt, exceeded);
      return;
    }
    switch (step.kind()) {
      case Kind.Call ignored -> call(step, attempt);
      case Kind.Parallel ignored -> {
        start(step, attempt, "", "", List.of());
        forks.drive(step);
      }
      case Kind.Conditional conditional -> branch(step, conditional, attempt);
      case Kind.Switch choice -> choose(step, choice, attempt);
      case Kind.Group group -> {
        start(step, attempt, "", "", List.of());
        walk.enterBlock(step, group.steps());
      }
      case Kind.Foreach each -> loops.enter(step, each, attempt, timeout(step));
      case Kind.Repeat ignored -> {
        start(step, attempt, "", "", List.of());
        loops.drive(step);
      }
      case Kind.Wait wait ->
          pause(step, attempt, Spans.length(wait.length(), walk.scope(step), walk.now));
      case Kind.Await await -> {
        Duration timeout =
            walk.bounded(step, Spans.length(await.timeout(), walk.scope(step), walk.now));
        walk.record(new Change.StepWaiting(step.path(), attempt, timeout, null));
      }
      case Kind.AwaitSignal signal -> pauses.enter(step, signal, attempt);
      case Kind.AwaitEvent event -> pauses.enter(step, event, attempt);
      case Kind.Approve approve -> pauses.enter(step, approve, attempt);
      case Kind.Emit emit -> pauses.enter(step, emit, attempt);
      case Kind.SubFlow ignored -> ready(step, attempt);
      case Kind.Assign assign -> {
        Map<String, Object> values = View.map(assign.values().fill(walk.scope(step)));
        walk.done(step, attempt, values, values);
      }
      case Kind.Assert check -> check(step, check, attempt);
      case Kind.Return end -> {
        Object value = end.value() == null ? null : end.value().fill(walk.scope(step));
        walk.record(new Change.StepCompleted(step.path(), attempt, value, null, ""));
        walk.closer().returned(step, value);
      }
      case Kind.Raise raise -> {
        Failure failure = Raised.failure(raise.failure().fill(walk.scope(step)));
        walk.fail(step, attempt, failure, false);
      }
    }
  }

  private void call(Instance step, int attempt) {
    if (step.common().atMostOnce() && attempt > 1) {
      String once = "it was entered before and its call is made at most once";
      walk.fail(step, attempt, Failure.fatal("interrupted", once), false);
    } else {
      ready(step, attempt);
    }
  }

  private void ready(Instance step, int attempt) {
    walk.ready(step.path());
    var _ = walk.affords(step, attempt);
  }

  private void check(Instance step, Kind.Assert check, int attempt) {
    if (check.condition().condition(walk.scope(step))) {
      walk.complete(step, attempt, true, "");
      return;
    }
    Object message =
        check.message() == null
            ? "it does not hold that " + check.condition().text()
            : check.message().fill(walk.scope(step));
    walk.fail(step, attempt, Failure.fatal("assertion", String.valueOf(message)), false);
  }

  private void start(
      Instance step, int attempt, String branch, String warning, List<String> skipped) {
    walk.record(
        new Change.StepStarted(step.path(), attempt, branch, warning, null, timeout(step)),
        List.of(),
        skipped);
  }

  private Duration timeout(Instance step) {
    return walk.bounded(
        step,
        step.common().timeout() == null
            ? null
            : Spans.length(step.common().timeout(), walk.scope(step), walk.now));
  }

  private void pause(Instance step, int attempt, Duration length) {
    if (length.isZero() || length.isNegative()) {
      walk.complete(step, attempt, null, "");
    } else {
      walk.record(new Change.StepWaiting(step.path(), attempt, length, null));
    }
  }

  private void branch(Instance step, Kind.Conditional conditional, int attempt) {
    boolean holds = conditional.condition().condition(walk.scope(step));
    String warning = holds ? "" : warning("if", conditional.condition(), step);
    take(step, attempt, holds ? "then" : "else", warning, holds ? 0 : 1);
  }

  private void choose(Instance step, Kind.Switch choice, int attempt) {
    Object value = choice.value() == null ? null : choice.value().evaluate(walk.scope(step));
    String warning = "";
    for (int i = 0; i < choice.cases().size(); i++) {
      Kind.Case one = choice.cases().get(i);
      boolean fits =
          one.when() == null
              ? Fitting.fits(one.label(), value)
              : one.when().condition(walk.scope(step));
      if (fits) {
        take(step, attempt, one.label(), warning, i);
        return;
      }
      String unknown = one.when() == null ? "" : warning("when", one.when(), step);
      warning = warning.isEmpty() ? unknown : warning;
    }
    String rest = choice.otherwise().isEmpty() ? "" : "default";
    take(step, attempt, rest, warning, choice.cases().size());
  }

  /** Takes one of the blocks of a structure; the others are skipped. */
  private void take(Instance step, int attempt, String branch, String warning, int taken) {
    List<List<Step>> blocks = step.kind().blocks();
    List<String> skipped = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      if (i != taken) {
        blocks.get(i).forEach(child -> skipped.add(step.inside(child).path()));
      }
    }
    start(step, attempt, branch, warning, skipped);
    walk.enterBlock(step, blocks.get(taken));
  }

  private String warning(String key, Expression condition, Instance step) {
    return condition.evaluate(walk.scope(step)) == null
        ? key + ": the condition is null, which counts as false"
        : "";
  }
}
