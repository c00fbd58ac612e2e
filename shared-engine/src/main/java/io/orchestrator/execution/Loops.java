package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.FlowLimits;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the iterations of a loop begin and end. */
final class Loops {
  /**
   * A decision that has become so long takes a breath before the next iteration: what it has is
   * committed first.
   */
  private static final int LINES_MAX = 500;

  private final Walk walk;
  private final Set<String> driven = new HashSet<>();

  Loops(Walk walk) {
    this.walk = walk;
  }

  void enter(Instance loop, Kind.Foreach each, int attempt, Duration timeout) {
    Object value = each.list().evaluateUnsized(walk.scope(loop));
    if (!(value instanceof List<?> list)) {
      throw new ExpressionException(
          "foreach needs a list, and " + each.list().text() + " is none", -1);
    }
    if (list.size() > FlowLimits.ITEMS_MAX) {
      String many = "foreach takes " + FlowLimits.ITEMS_MAX + " items, not " + list.size();
      walk.fail(loop, attempt, Failure.fatal("validation", many), false);
      return;
    }
    List<Object> items = Collections.unmodifiableList(new ArrayList<>(list));
    walk.record(new Change.StepStarted(loop.path(), attempt, "", "", items, timeout));
    drive(loop);
  }

  /**
   * Begins as many iterations as may be at work, and ends the loop if all are done. Iterations that
   * end at once come back here, and it goes on from the outside, so that ten thousand of them need
   * no deeper a stack than one.
   */
  void drive(Instance loop) {
    if (!driven.add(loop.path())) {
      return;
    }
    while (mayBegin(loop)) {
      begin(loop, progress(loop).begun());
    }
    driven.remove(loop.path());
    if (isAtWork(loop) && progress(loop).isDone()) {
      List<Object> results = new ArrayList<>(progress(loop).results());
      int attempt = walk.state(loop).attempt();
      walk.complete(loop, attempt, Collections.unmodifiableList(results), "");
    }
  }

  private boolean isAtWork(Instance loop) {
    StepState state = walk.state(loop);
    return state != null && walk.isOpen(loop, state.attempt());
  }

  private Progress progress(Instance loop) {
    Progress progress = walk.state(loop).progress();
    return progress == null ? Progress.over(null) : progress;
  }

  private boolean mayBegin(Instance loop) {
    if (!isAtWork(loop)) {
      return false;
    }
    Progress progress = progress(loop);
    return switch ((Kind.Loop) loop.kind()) {
      case Kind.Foreach each ->
          progress.begun() < progress.items().size() && progress.open().size() < each.concurrency();
      case Kind.Repeat ignored -> progress.open().isEmpty();
    };
  }

  private void begin(Instance loop, int number) {
    if (walk.lines() >= LINES_MAX) {
      pause(loop, number, Duration.ZERO);
    } else {
      walk.note(new Iteration.Begun(InstancePath.iteration(loop.path(), number)));
      enterBody(loop, number);
    }
  }

  private void enterBody(Instance loop, int number) {
    walk.enter(loop.inside(number, ((Kind.Loop) loop.kind()).body().getFirst()));
  }

  private void pause(Instance loop, int number, Duration length) {
    String iteration = InstancePath.iteration(loop.path(), number);
    int attempt = walk.execution().firstAttempt(iteration);
    walk.record(new Change.StepWaiting(iteration, attempt, length, null));
    walk.note(new Iteration.Begun(iteration));
  }

  /** The pause before an iteration is over. */
  void resume(String iteration, int attempt) {
    walk.record(new Change.StepStarted(iteration, attempt, "", "", null, null));
    enterBody(walk.at(InstancePath.loop(iteration)), InstancePath.number(iteration));
  }

  /** The last step of an iteration has ended well. */
  void ended(Instance loop, Instance last, Object output) {
    try {
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("result", output);
      Scope scope = walk.view().of(last, more);
      switch ((Kind.Loop) loop.kind()) {
        case Kind.Foreach each -> {
          Object result = each.collect() == null ? output : each.collect().fill(scope);
          walk.note(new Iteration.Ended(last.iteration(), result, ran(loop, last.iteration())));
          drive(loop);
        }
        case Kind.Repeat repeat -> again(loop, repeat, last, output, scope);
      }
    } catch (ExpressionException e) {
      failed(loop, last.iteration(), Failure.fatal("expression", e.getMessage()), false);
    }
  }

  private void again(Instance loop, Kind.Repeat repeat, Instance last, Object output, Scope scope) {
    int next = InstancePath.number(last.iteration()) + 1;
    boolean over =
        (repeat.until() != null && repeat.until().condition(scope)) || next == repeat.max();
    Duration every =
        over || repeat.every() == null
            ? Duration.ZERO
            : Spans.length(repeat.every(), scope, walk.now);
    walk.note(new Iteration.Ended(last.iteration(), output, ran(loop, last.iteration())));
    if (over) {
      walk.complete(loop, walk.state(loop).attempt(), output, "");
    } else if (every.isPositive()) {
      pause(loop, next, every);
    } else {
      drive(loop);
    }
  }

  private boolean ran(Instance loop, String iteration) {
    return Debts.ranIn(walk.plan, walk.execution(), loop.step(), iteration);
  }

  /** A failure leaves an iteration: the loop tolerates it, or fails with it. */
  void failed(Instance loop, String iteration, Failure failure, boolean handled) {
    Progress progress = progress(loop);
    boolean tolerated =
        loop.kind() instanceof Kind.Foreach each
            && progress.failed() < each.tolerance().of(progress.items().size());
    if (tolerated) {
      walk.note(new Iteration.Failed(iteration, ran(loop, iteration)));
      drive(loop);
    } else {
      walk.fail(loop, walk.state(loop).attempt(), failure, handled);
    }
  }
}
