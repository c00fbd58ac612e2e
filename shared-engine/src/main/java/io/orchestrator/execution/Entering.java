package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How a step is entered. */
final class Entering {
  private final Walk walk;
  private final Forks forks;
  private final Loops loops;

  Entering(Walk walk) {
    this.walk = walk;
    this.forks = new Forks(walk);
    this.loops = new Loops(walk);
  }

  Forks forks() {
    return forks;
  }

  Loops loops() {
    return loops;
  }

  void enter(Instance step) {
    int attempt = walk.execution().firstAttempt(step.path());
    try {
      if (step.common().disabled()) {
        skip(step, "");
      } else if (step.common().when() == null || step.common().when().condition(walk.scope(step))) {
        enterKind(step, attempt);
      } else {
        boolean unknown = step.common().when().evaluate(walk.scope(step)) == null;
        skip(step, unknown ? "when: the condition is null, which counts as false" : "");
      }
    } catch (ExpressionException e) {
      walk.fail(step, attempt, e);
    }
  }

  void again(Instance step, int attempt) {
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
    boolean calls = step.kind() instanceof Kind.Call;
    String exceeded = Spending.exceeded(walk.plan, walk.execution(), calls ? 1 : 0);
    boolean pauses = walk.plan.terms().budget().pauses();
    if (exceeded != null && !(calls && pauses)) {
      if (pauses) { // it is entered again when it is resumed
        Failure why = Spending.failure(exceeded);
        walk.record(
            new Change.StepRetrying(step.path(), attempt, why, Duration.ZERO, false));
      }
      walk.exhausted(exceeded);
      return;
    }
    switch (step.kind()) {
      case Kind.Call ignored -> call(step, attempt);
      case Kind.Parallel parallel -> {
        start(step, attempt, "", List.of());
        forks.fork(step, parallel, attempt);
      }
      case Kind.Conditional conditional -> branch(step, conditional, attempt);
      case Kind.Group group -> {
        start(step, attempt, "", List.of());
        walk.enterBlock(step, group.steps());
      }
      case Kind.Foreach each -> loops.enter(step, each, attempt, timeout(step));
      case Kind.Repeat ignored -> {
        start(step, attempt, "", List.of());
        loops.drive(step);
      }
      case Kind.Wait wait ->
          pause(step, attempt, Spans.length(wait.length(), walk.scope(step), walk.now));
      case Kind.Await await -> {
        Duration timeout =
            walk.bounded(step, Spans.length(await.timeout(), walk.scope(step), walk.now));
        walk.record(new Change.StepWaiting(step.path(), attempt, timeout, null));
      }
      case Kind.Assign assign -> {
        Map<String, Object> values = View.map(assign.values().fill(walk.scope(step)));
        walk.done(step, attempt, values, values);
      }
      case Kind.Return end -> {
        Object value = end.value() == null ? null : end.value().fill(walk.scope(step));
        walk.record(new Change.StepCompleted(step.path(), attempt, value, null, ""));
        walk.closer().complete(value);
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
      walk.ready(step.path());
      String exceeded = Spending.exceeded(walk.plan, walk.execution(), 0);
      if (exceeded != null) {
        walk.exhausted(exceeded); // the call is made when it is resumed
      }
    }
  }

  private void start(Instance step, int attempt, String branch, List<String> skipped) {
    walk.record(
        new Change.StepStarted(step.path(), attempt, branch, null, timeout(step)),
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
    boolean yes = conditional.condition().condition(walk.scope(step));
    List<Step> left = yes ? conditional.otherwise() : conditional.then();
    start(
        step,
        attempt,
        yes ? "then" : "else",
        left.stream().map(child -> step.inside(child).path()).toList());
    walk.enterBlock(step, yes ? conditional.then() : conditional.otherwise());
  }
}
