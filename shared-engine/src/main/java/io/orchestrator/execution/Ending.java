package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.FlowLimits;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import io.orchestrator.flow.TimeSpan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a step ends well or waits, and what follows. */
final class Ending {
  private final Walk walk;

  Ending(Walk walk) {
    this.walk = walk;
  }

  void done(Instance step, int attempt, Object result, Map<String, Object> vars, String servedBy) {
    Object output = result;
    if (step.common().output() != null) {
      try {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("result", result);
        output = step.common().output().fill(walk.view().of(step, more));
      } catch (ExpressionException e) {
        walk.owe(step);
        walk.fail(step, attempt, e);
        return;
      }
    }
    walk.record(
        new Change.StepCompleted(step.path(), attempt, output, vars, servedBy),
        stillAtWork(step),
        List.of());
    if (!walk.halts(step)) {
      advance(step, output);
    }
  }

  /** What a structure that ends before all that it holds has ended leaves behind. */
  private List<String> stillAtWork(Instance step) {
    StepState state = walk.state(step);
    return state != null && state.structure() ? walk.activeWithin(step.path()) : List.of();
  }

  /** What follows a step that is done, was skipped or counts as done. */
  void advance(Instance step, Object output) {
    Instance structure = step.around(walk.plan);
    Step next = walk.plan.next(step.step());
    switch (step.place().slot()) {
      case BRANCH -> walk.forks().drive(structure);
      case SEQUENCE -> {
        if (next != null) {
          walk.enter(step.beside(next));
        } else if (structure == null) {
          walk.closer().finish(output);
        } else {
          walk.groups().ended(structure, output);
        }
      }
      case ITEM -> {
        if (next != null) {
          walk.enter(step.beside(next));
        } else {
          walk.loops().ended(structure, step, output);
        }
      }
      case HANDLER -> {
        if (next != null) {
          walk.enter(step.beside(next));
        } else {
          walk.handling().ended(structure, step.place().clause(), output);
        }
      }
      case COMPENSATION, ON_CANCEL -> walk.closer().advance(step);
      case FINALLY -> {
        if (structure == null) {
          walk.closer().advance(step);
        } else if (next != null) {
          walk.enter(step.beside(next));
        } else {
          walk.groups().closed(structure);
        }
      }
    }
  }

  void defer(Instance step, int attempt, Object answer, String servedBy) {
    TimeSpan awaits = awaited(step);
    if (awaits == null) {
      String nobody = "step " + step.path() + " awaits no callback";
      walk.fail(step, attempt, Failure.fatal("internal", nobody), false);
      return;
    }
    try {
      Duration timeout = walk.bounded(step, Spans.length(awaits, walk.scope(step), walk.now));
      walk.record(new Change.StepWaiting(step.path(), attempt, timeout, answer, servedBy));
    } catch (ExpressionException e) {
      walk.fail(step, attempt, e);
    }
  }

  /** How long a step waits for what is to come after its call; null if nothing is. */
  private static TimeSpan awaited(Instance step) {
    return switch (step.kind()) {
      case Kind.Call call when call.await() != null -> call.await().timeout();
      case Kind.AwaitEvent event -> event.timeout();
      case Kind.SubFlow flow when !flow.detached() ->
          step.common().timeout() == null
              ? new TimeSpan.Fixed(FlowLimits.WAIT_MAX)
              : step.common().timeout();
      default -> null;
    };
  }

  /**
   * The timer of an active step has run out, unless something else has ended the step in this very
   * decision.
   */
  void due(String path) {
    StepState state = walk.execution().step(path);
    boolean gone =
        walk.execution().status().isFinal()
            || state == null
            || !state.status().isActive()
            || state.due() == null
            || state.due().isAfter(walk.now);
    if (gone) {
      return;
    }
    if (InstancePath.isIteration(path)) {
      walk.loops().resume(path, state.attempt());
      return;
    }
    Instance step = walk.at(path);
    switch (state.status()) {
      case RETRYING -> {
        if (state.unjudged() || !StateMachine.isRepeated(step.kind())) {
          walk.enterAgain(step, state.attempt());
        }
      }
      case WAITING -> {
        if (step.kind() instanceof Kind.Wait) {
          walk.complete(step, state.attempt(), null, "");
        } else if (step.kind() instanceof Kind.Approve approve) {
          walk.pauses().due(step, state, approve);
        } else {
          walk.fail(step, state.attempt(), late("no answer came in time"), false);
        }
      }
      case RUNNING ->
          walk.fail(step, state.attempt(), late("it took longer than its timeout"), false);
      case COMPLETED, FAILED, SKIPPED, CANCELLED, COMPENSATED ->
          throw new IllegalStateException(path + " cannot be due");
    }
  }

  private static Failure late(String message) {
    return Failure.temporary("timeout", message);
  }
}
