package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One way through a flow, from its start to its end. */
final class Interpreter {
  private final Plan plan;
  private final Nature nature;
  private final Choices choices;
  private final Memory memory;
  private final Steps steps;

  /** What the handlers of the flow deal with; null if they do not. */
  private End failure;

  /** Whether it may have been stopped before it had begun at all. */
  private boolean vague;

  Interpreter(Plan plan, Nature nature, Choices choices) {
    this.plan = plan;
    this.nature = nature;
    this.choices = choices;
    this.memory = new Memory();
    this.steps = new Steps(plan, nature, choices, memory);
  }

  /** How the steps of a flow come to their end, before what follows every end. */
  private record End(String status, Object output, Fault fault, boolean handled) {
    static End failed(Fault fault, boolean handled) {
      return new End("failed", null, fault, handled);
    }

    /** The same with another status, and what it has failed with only if that shows it. */
    End as(String other) {
      return new End(other, null, fault, handled);
    }

    boolean showsFailure() {
      return fault != null && !status.equals("cancelled");
    }
  }

  /**
   * A way to its end.
   *
   * @param fault what a step fails with that has waited for it; null if it went well
   * @param end when that is
   */
  record Course(Outcome outcome, Fault fault, Memory.Time end) {}

  Course run() {
    Frame frame = new Frame(plan, memory, nature.input(), "", null, null, null, false);
    if (plan.vars() != null) {
      memory.vars.putAll(Steps.map(plan.vars().fill(frame.scope(Map.of()))));
    }
    End end = ended(frame, steps.sequence(plan.steps(), frame));
    end = timed(end);
    boolean owes = !end.status().equals("completed");
    if (isStopped()) {
      boolean failing = isFailing(end);
      end = failing ? failure.as("cancelled") : new End("cancelled", null, null, false);
      owes = onCancel(frame) || failing;
    }
    Map<String, Object> error = end.fault() == null ? null : end.fault().data(null, 0);
    List<Debts.Debt> debts = owes && plan.compensates() ? memory.debts.settled(choices) : List.of();
    Undoing undoing = new Undoing(steps, memory);
    if (!debts.isEmpty()) {
      boolean well = undoing.run(debts, error);
      end = end.as(well ? "compensated" : "compensation_failed");
    }
    end = last(frame.handling("finally/", error), end);
    return new Course(outcome(end, undoing.orders(debts)), fault(end), memory.now);
  }

  /** What this execution is for the step that has waited for it. */
  private Fault fault(End end) {
    return switch (end.status()) {
      case "completed" -> null;
      case "timed_out" -> Fault.timeout();
      case "cancelled" -> Fault.fatal("cancelled", "it was cancelled");
      default -> end.fault() == null ? Fault.fatal("cancelled", "it was cancelled") : end.fault();
    };
  }

  private End ended(Frame frame, Result result) {
    return switch (result) {
      case Result.Done done -> finished(frame, done.output());
      case Result.Ended ended -> new End("completed", ended.output(), null, false);
      case Result.Failed failed -> caught(frame, failed.fault(), failed.handled());
      case Result.Stopped stopped ->
          stopped.caught()
              ? caught(frame, stopped.fault(), stopped.handled())
              : End.failed(stopped.fault(), stopped.handled());
    };
  }

  private End caught(Frame frame, Fault fault, boolean handled) {
    Handlers.Clause clause = Steps.catching(plan.onError(), fault, frame, null, 0);
    if (clause == null) {
      return End.failed(fault, handled);
    }
    memory.spendsFreely = true;
    memory.settled = null;
    memory.handledSince = memory.now;
    failure = End.failed(fault, handled);
    Frame handling = frame.handling("on_error/", fault.data(null, 0));
    return switch (steps.sequence(clause.steps(), handling)) {
      case Result.Ended ended -> new End("completed", ended.output(), null, false);
      case Result.Failed ignored -> End.failed(fault, false);
      case Result.Stopped stopped -> End.failed(stopped.fault(), stopped.handled());
      case Result.Done done ->
          clause.then() == Handlers.Then.CONTINUE
              ? finished(handling, done.output())
              : End.failed(fault, true);
    };
  }

  private End finished(Frame frame, Object last) {
    if (plan.output() == null) {
      return new End("completed", last, null, false);
    }
    try {
      return new End("completed", plan.output().fill(frame.scope(Map.of())), null, false);
    } catch (ExpressionException e) {
      return End.failed(Fault.fatal("expression", e.getMessage()), false);
    }
  }

  // -- what comes from outside of the steps

  private End timed(End end) {
    if (plan.timeout() == null) {
      return end;
    }
    long limit = Steps.millis(plan.timeout());
    boolean bounds = memory.settled == null || (end.status().equals("failed") && !end.handled());
    Memory.Time over = bounds ? memory.now : memory.settled;
    boolean fires =
        choices.whether(
            over.most() + nature.slackMillis() >= limit,
            over.least() <= limit + nature.lateMillis());
    if (!fires) {
      return end;
    }
    stops(limit, new Memory.Time(limit, limit + nature.lateMillis()));
    boolean undoes = plan.compensates() && !memory.debts.settled(choices).isEmpty();
    return new End(undoes ? "failed" : "timed_out", null, undoes ? Fault.timeout() : null, false);
  }

  /** Everything that is at work is stopped. */
  private void stops(long strike, Memory.Time at) {
    memory.now = at;
    memory.cut("", Memory.Time.START, strike, nature.slackMillis());
    memory.spendsFreely = true;
    var _ = Struck.atWork(plan.steps(), memory);
    for (Handlers.Clause clause : plan.onError().clauses()) {
      var _ = Struck.atWork(clause.steps(), memory);
    }
  }

  /** Whether somebody cancels it, or another execution takes its place. */
  private boolean isStopped() {
    long at = nature.world().cancelMillis(nature.execution(), plan);
    if (at >= 0) {
      Memory.Time over = memory.settled == null ? memory.now : memory.settled;
      boolean cancelled =
          choices.whether(
              over.most() + nature.slackMillis() >= at, over.least() <= at + nature.slackMillis());
      if (cancelled) {
        stops(at, new Memory.Time(at, at + nature.slackMillis()));
        return true;
      }
    }
    if (nature.slack().replaced() && choices.of(2) == 1) {
      stops(0, new Memory.Time(0, memory.now.most() + nature.slackMillis()));
      vague = true;
      return true;
    }
    return false;
  }

  /** Whether the flow had failed, and its handlers were at work, when it was cancelled. */
  private boolean isFailing(End end) {
    return memory.handledSince != null
        && !end.status().equals("timed_out")
        && choices.whether(
            memory.handledSince.least() <= memory.now.most() + nature.slackMillis(),
            memory.handledSince.most() + nature.slackMillis() >= memory.now.least());
  }

  /** Whether what was done is to be undone. */
  private boolean onCancel(Frame frame) {
    if (vague) {
      plan.terms().onCancel().forEach(step -> memory.open.add(step.path()));
    } else {
      steps.sequence(plan.terms().onCancel(), frame.within("on_cancel/"));
    }
    return plan.terms().cancelCompensates();
  }

  private End last(Frame frame, End end) {
    memory.spendsFreely = true;
    List<Step> atEnd = plan.terms().atEnd();
    if (vague) {
      atEnd.forEach(step -> memory.open.add(step.path()));
      return end;
    }
    Result result = steps.sequence(atEnd, frame);
    return result instanceof Result.Failed failed && end.status().equals("completed")
        ? End.failed(failed.fault(), false)
        : end;
  }

  private Outcome outcome(End end, List<Outcome.Order> orders) {
    Map<String, Observed.At> all = new LinkedHashMap<>();
    memory
        .steps()
        .forEach(
            (path, seen) ->
                all.put(
                    path,
                    new Observed.At(
                        seen.status().equals("running") ? "cancelled" : seen.status(),
                        seen.attempt(),
                        seen.output())));
    return new Outcome(
        end.status(),
        end.output(),
        end.showsFailure() ? end.fault().type() : null,
        end.showsFailure() && end.handled(),
        all,
        memory.loose,
        memory.open,
        memory.calls,
        memory.maybe,
        orders,
        memory.children);
  }
}
