package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How a step ends badly: it is repeated, or handled, or strikes what contains it. */
final class Failing {
  private final Walk walk;
  private final Handling handling;

  Failing(Walk walk) {
    this.walk = walk;
    this.handling = new Handling(walk);
  }

  Handling handling() {
    return handling;
  }

  void fail(Instance step, int attempt, Failure failure, boolean handled) {
    if (walk.groups().closes(step)) {
      walk.groups().close(step, new Outcome(null, failure, handled));
    } else {
      fail(step, attempt, failure, handled, false);
    }
  }

  /** Nobody can tell whether a step is to be done: another attempt has to ask that again. */
  void unjudged(Instance step, int attempt, Failure failure) {
    fail(step, attempt, failure, false, true);
  }

  private void fail(
      Instance step, int attempt, Failure failure, boolean handled, boolean unjudged) {
    List<String> inside = walk.activeWithin(step.path());
    Duration delay = retryDelay(step, attempt, failure);
    if (delay == null || !inTime(step, delay)) {
      Failure last = delay == null ? failure : Deadlines.over(step, failure);
      end(step, new End(attempt, last, handled, unjudged), inside);
      return;
    }
    walk.record(
        new Change.StepRetrying(step.path(), attempt + 1, failure, delay, false, unjudged),
        inside,
        List.of());
    var _ = walk.affords(step, attempt + 1);
  }

  /** With what the last attempt of a step ends. */
  private record End(int attempt, Failure failure, boolean handled, boolean unjudged) {}

  /** Whether another attempt after that delay begins before the step's deadline. */
  boolean inTime(Instance step, Duration delay) {
    StepState state = walk.state(step);
    Instant began = state == null ? walk.now : state.startedAt();
    try {
      Duration left = Deadlines.left(step, began, walk.scope(step), walk.now);
      return left == null || delay.compareTo(left) < 0;
    } catch (ExpressionException e) {
      return false; // a deadline that nobody can tell bounds everything
    }
  }

  private void end(Instance step, End end, List<String> inside) {
    Failure failure = end.failure();
    String path = step.path();
    int clause =
        handling.catching(
            step.common().onError(),
            failure,
            () -> scope(step, walk.view().error(path, failure, end.attempt())));
    walk.record(
        new Change.StepFailed(path, end.attempt(), failure, clause, end.handled(), end.unjudged()),
        inside,
        List.of());
    if (!walk.halts(step)) {
      follow(step, walk.state(step));
    }
  }

  /** What follows a step that has failed for good. */
  void follow(Instance step, StepState failed) {
    if (failed.clause() < 0) {
      outwards(step, failed.failure(), failed.handled());
    } else {
      handling.run(step, step.common().onError(), failed.clause());
    }
  }

  private Duration retryDelay(Instance step, int attempt, Failure failure) {
    Retry retry = step.common().retry();
    StepState state = walk.state(step);
    boolean unanswered = // a sub-flow that takes too long is repeated as a call is
        state != null
            && state.status() == StepStatus.WAITING
            && failure.type().equals("timeout")
            && !(step.kind() instanceof Kind.SubFlow);
    boolean repeatable = step.kind() instanceof Kind.Call || retry.said();
    if (!repeatable
        || (unanswered && !retry.only().contains("timeout"))
        || step.common().atMostOnce()) {
      return null;
    }
    Execution execution = walk.execution();
    String seed = execution.id() + "/" + step.path() + "/" + attempt;
    try {
      int tried = execution.attemptSinceEntered(step.path(), attempt);
      Map<String, Object> error = walk.view().error(step.path(), failure, attempt);
      return Retries.delay(retry, failure, tried, seed, scope(step, error));
    } catch (ExpressionException e) {
      return null; // what cannot be worked out repeats nothing, and the failure is told
    }
  }

  private Scope scope(Instance step, Map<String, Object> error) {
    return walk.view().of(step, Map.of("error", error));
  }

  /** A failure leaves a step and strikes what contains it. */
  void outwards(Instance step, Failure failure, boolean handled) {
    Instance structure = step.around(walk.plan);
    switch (step.place().slot()) {
      case HANDLER -> handling.failed(structure);
      case COMPENSATION, ON_CANCEL -> walk.closer().failed(step, failure);
      case FINALLY -> {
        if (structure == null) {
          walk.closer().failed(step, failure);
        } else {
          walk.groups().failed(structure, failure, handled);
        }
      }
      case ITEM -> walk.loops().failed(structure, step.iteration(), failure, handled);
      case BRANCH -> walk.forks().failed(structure, failure, handled);
      case SEQUENCE -> {
        if (structure == null) {
          reachFlow(failure, step.path(), handled);
        } else {
          walk.fail(structure, walk.state(structure).attempt(), failure, handled);
        }
      }
    }
  }

  /**
   * A failure reaches the flow.
   *
   * @param path of the step that failed; empty if none did
   */
  void reachFlow(Failure failure, String path, boolean handled) {
    Handlers handlers = walk.plan.onError();
    Map<String, Object> error = walk.view().flowError(failure, path);
    int clause =
        handling.catching(handlers, failure, () -> walk.view().ofFlow(Map.of("error", error)));
    List<String> inside = walk.activeWithin("");
    if (clause < 0) {
      walk.closer().fail(failure, handled);
      return;
    }
    walk.record(new Change.HandlersStarted(failure, path, clause, handled), inside, List.of());
    handling.run(null, handlers, clause);
  }
}
