package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.flow.TimeSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps one after the other, with what every step has: its attempts, its handlers, its output. */
final class Steps {
  final Plan plan;
  final Nature nature;
  final Choices choices;
  final Memory memory;
  private final Doing doing;

  Steps(Plan plan, Nature nature, Choices choices, Memory memory) {
    this.plan = plan;
    this.nature = nature;
    this.choices = choices;
    this.memory = memory;
    this.doing = new Doing(this);
  }

  @SuppressWarnings("unchecked") // the reader lets only maps stand there
  static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  static long millis(TimeSpan span) {
    if (span instanceof TimeSpan.Fixed fixed) {
      return fixed.duration().toMillis();
    }
    throw new Undetermined("how long something lasts");
  }

  Result sequence(List<Step> steps, Frame frame) {
    Object last = null;
    for (Step step : steps) {
      Result result = step(step, frame);
      if (!(result instanceof Result.Done done)) {
        return result;
      }
      last = done.output();
    }
    return new Result.Done(last);
  }

  Result step(Step step, Frame outside) {
    String path = outside.prefix() + step.id();
    Frame frame = outside.using(step.common().with());
    Result begun = judged(step, path, frame);
    return begun instanceof Result.Done ? begun : attempts(step, path, frame, begun);
  }

  /** Null if a step is to be done. */
  private Result judged(Step step, String path, Frame frame) {
    try {
      if (step.common().disabled()
          || (step.common().when() != null
              && !step.common().when().condition(frame.scope(Map.of())))) {
        memory.put(path, "skipped", 0, null, null);
        return new Result.Done(null);
      }
      return null;
    } catch (ExpressionException e) {
      return Result.broken(e);
    }
  }

  private Result attempts(Step step, String path, Frame frame, Result begun) {
    Memory.Time entered = memory.now;
    int first = memory.nextAttempt(path, choices);
    boolean refused = step.common().atMostOnce() && first > 1;
    boolean calls = (step.kind() instanceof Kind.Call || isSubFlow(step)) && !refused;
    boolean repeatedByHandler = false;
    boolean wanted = false;
    for (int attempt = first; ; attempt = memory.nextAttempt(path, choices)) {
      Result unwanted =
          wanted ? null : attempt == first ? begun : judged(step, path, frame); // asked again
      if (!wanted && unwanted == null && !doing.affords(path, calls ? 1 : 0)) {
        return exhausted();
      }
      wanted = unwanted == null;
      Result result = wanted ? attempt(step, path, attempt, frame) : unwanted;
      if (!(result instanceof Result.Failed failed)) {
        return result;
      }
      Repetition.Pause pause = pause(step, failed, attempt, first, frame);
      if (pause != null && inTime(step, entered, pause)) {
        if (!doing.affords(path, 0)) {
          memory.put(path, "running", attempt + 1, null, null);
          return exhausted();
        }
        memory.now = memory.now.plus(pause);
        continue;
      }
      Fault fault = pause == null ? failed.fault() : Fault.timeout();
      boolean handled = failed.handled();
      memory.put(path, "failed", attempt, null, fault);
      Handlers.Clause clause = catching(step.common().onError(), fault, frame, step, attempt);
      if (clause == null) {
        return new Result.Failed(fault, handled, false);
      }
      Frame handling = frame.handling(path + "/", fault.data(step.id(), attempt));
      Result dealt = sequence(clause.steps(), handling);
      if (!(dealt instanceof Result.Done done)) {
        return dealt.isOfFlow() ? dealt : Result.failed(fault);
      }
      boolean again =
          clause.then() == Handlers.Then.RETRY
              && !repeatedByHandler
              && !step.common().atMostOnce()
              && inTime(step, entered, new Repetition.Pause(0, 0));
      if (clause.then() == Handlers.Then.CONTINUE) {
        memory.put(path, "completed", attempt, done.output(), fault);
        return done;
      }
      if (clause.then() == Handlers.Then.COMPENSATE) {
        return new Result.Stopped(fault, true, false);
      }
      if (!again) {
        return new Result.Failed(fault, true, false);
      }
      if (!doing.affords(path, 0)) {
        memory.put(path, "running", attempt + 1, null, null);
        return exhausted();
      }
      repeatedByHandler = true;
    }
  }

  private static boolean isSubFlow(Step step) {
    return step.kind() instanceof Kind.SubFlow;
  }

  private static Result exhausted() {
    return new Result.Stopped(Fault.fatal("budget_exceeded", "the budget is used up"), false, true);
  }

  /** Whether another attempt begins before the deadline of its step. */
  private boolean inTime(Step step, Memory.Time entered, Repetition.Pause pause) {
    if (step.common().deadline() == null) {
      return true;
    }
    long limit = millis(step.common().deadline());
    Memory.Time then = memory.now.plus(pause);
    return choices.whether(
        then.least() - entered.least() < limit,
        then.most() - entered.most() + nature.slackMillis() >= limit);
  }

  private Repetition.Pause pause(
      Step step, Result.Failed failed, int attempt, int first, Frame frame) {
    boolean unanswered = failed.unanswered() && !step.common().retry().only().contains("timeout");
    boolean repeatable = step.kind() instanceof Kind.Call || step.common().retry().said();
    if (unanswered || !repeatable || step.common().atMostOnce()) {
      return null;
    }
    Map<String, Object> error = failed.fault().data(step.id(), attempt);
    return Repetition.after(
        step.common().retry(),
        failed.fault(),
        attempt - first + 1,
        frame.scope(Map.of("error", error)));
  }

  static Handlers.Clause catching(
      Handlers handlers, Fault fault, Frame frame, Step step, int attempt) {
    Map<String, Object> error = fault.data(step == null ? null : step.id(), attempt);
    for (Handlers.Clause clause : handlers.clauses()) {
      boolean fits = clause.types().isEmpty() || Repetition.fits(clause.types(), fault.type());
      if (fits && (clause.when() == null || holds(clause, frame, error))) {
        return clause;
      }
    }
    return null;
  }

  private static boolean holds(Handlers.Clause clause, Frame frame, Map<String, Object> error) {
    try {
      return clause.when().condition(frame.scope(Map.of("error", error)));
    } catch (ExpressionException e) {
      return false; // what cannot be judged does not catch
    }
  }

  /** One attempt, with the mapping of its result. */
  private Result attempt(Step step, String path, int attempt, Frame frame) {
    memory.debts.tries(path, step, frame, memory.now);
    Result result = mapped(step, path, attempt, frame);
    if (!(result instanceof Result.Ended)) {
      memory.debts.ended(path, step, frame, result instanceof Result.Done, memory.now);
    }
    return result;
  }

  private Result mapped(Step step, String path, int attempt, Frame frame) {
    try {
      Result result = doing.kind(step, path, attempt, frame);
      if (!(result instanceof Result.Done done)) {
        return result;
      }
      Object output = done.output();
      if (step.common().output() != null) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("result", output);
        memory.debts.ended(
            path, step, frame, true, memory.now); // even if nobody can say what comes of it
        output = step.common().output().fill(frame.scope(more));
      }
      if (step.kind() instanceof Kind.Assign) {
        memory.set(path, map(done.output()));
      }
      if (step.kind() instanceof Kind.Emit) {
        Map<String, Object> event = map(done.output());
        memory.debts.calls(path, memory.now);
        memory.debts.ran(path, memory.now);
        memory.said.emitted((String) event.get("type"), path, event.get("data"), memory.now);
      }
      memory.put(path, "completed", attempt, output, null);
      return new Result.Done(output);
    } catch (ExpressionException e) {
      return Result.broken(e);
    }
  }
}
