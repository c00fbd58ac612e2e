package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
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

  private Interpreter(Plan plan, Nature nature, Choices choices) {
    this.plan = plan;
    this.nature = nature;
    this.choices = choices;
    this.memory = new Memory();
    this.steps = new Steps(plan, nature, choices, memory);
  }

  /** Every way in which an execution of the plan may end; null if nothing can be said of one. */
  static List<Outcome> outcomes(Plan plan, Nature nature, int most) {
    List<Outcome> all = new ArrayList<>();
    try {
      boolean complete =
          Choices.all(most, choices -> all.add(new Interpreter(plan, nature, choices).flow()));
      return complete ? all : null;
    } catch (Undetermined free) {
      return null;
    }
  }

  /** How the steps of a flow come to their end, before what follows every end. */
  private record End(String status, Object output, Fault fault, boolean handled) {
    static End failed(Fault fault, boolean handled) {
      return new End("failed", null, fault, handled);
    }
  }

  private Outcome flow() {
    Frame frame = new Frame(plan, memory, nature.input(), "", null, null, null);
    if (plan.vars() != null) {
      memory.vars.putAll(Steps.map(plan.vars().fill(frame.scope(Map.of()))));
    }
    End end = ended(frame, steps.sequence(plan.steps(), frame));
    end = timed(end);
    boolean owes = !end.status().equals("completed");
    if (nature.cancelMillis() >= 0 && isCancelled()) {
      end = new End("cancelled", null, null, false);
      owes = onCancel(frame);
    }
    Map<String, Object> error = end.fault() == null ? null : end.fault().data(null, 0);
    if (owes && plan.compensates() && memory.debts.owesAny()) {
      boolean well = new Undoing(steps, memory).run(error);
      end = new End(well ? "compensated" : "compensation_failed", null, end.fault(), end.handled());
    }
    return outcome(last(frame.handling("finally/", error), end));
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
    boolean fires =
        choices.whether(
            memory.now.most() + nature.slackMillis() >= limit,
            memory.now.least() <= limit + nature.lateMillis());
    if (!fires) {
      return end;
    }
    nothingOpen();
    memory.cut("", Memory.Time.START, limit, nature.slackMillis());
    memory.now = new Memory.Time(limit, limit + nature.lateMillis());
    memory.spendsFreely = true;
    boolean undoes = plan.compensates() && memory.debts.owesAny();
    return new End(undoes ? "failed" : "timed_out", null, undoes ? Fault.timeout() : null, false);
  }

  private void nothingOpen() {
    Cases.mustNotHoldOpen(plan.steps());
    plan.onError().clauses().forEach(clause -> Cases.mustNotHoldOpen(clause.steps()));
  }

  private boolean isCancelled() {
    long at = nature.cancelMillis();
    boolean cancelled =
        choices.whether(
            memory.now.most() + nature.slackMillis() >= at,
            memory.now.least() <= at + nature.slackMillis());
    if (cancelled) {
      nothingOpen();
      memory.cut("", Memory.Time.START, at, nature.slackMillis());
      memory.now = new Memory.Time(at, at + nature.slackMillis());
      memory.spendsFreely = true;
    }
    return cancelled;
  }

  /** Whether what was done is to be undone. */
  private boolean onCancel(Frame frame) {
    if (plan.compensates() && !plan.onError().isEmpty()) {
      throw new Undetermined("whether it had failed when it was cancelled");
    }
    steps.sequence(plan.terms().onCancel(), frame.within("on_cancel/"));
    return plan.terms().cancelCompensates();
  }

  private End last(Frame frame, End end) {
    memory.spendsFreely = true;
    List<Step> atEnd = plan.terms().atEnd();
    Result result = steps.sequence(atEnd, frame);
    return result instanceof Result.Failed failed && end.status().equals("completed")
        ? End.failed(failed.fault(), false)
        : end;
  }

  private Outcome outcome(End end) {
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
        end.fault() == null ? null : end.fault().type(),
        end.handled(),
        all,
        memory.loose,
        memory.calls,
        memory.maybe);
  }
}
