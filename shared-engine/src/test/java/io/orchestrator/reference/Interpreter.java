package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Handlers;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.flow.TimeSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One way through a flow, by recursion over its plan. */
final class Interpreter {
  private final Plan plan;
  private final Nature nature;
  private final Choices choices;
  private final Memory memory = new Memory();

  private Interpreter(Plan plan, Nature nature, Choices choices) {
    this.plan = plan;
    this.nature = nature;
    this.choices = choices;
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

  // -- what comes of a step

  private sealed interface Result {
    record Done(Object output) implements Result {}

    /**
     * @param unanswered whether nobody said anything to a wait
     */
    record Failed(Fault fault, boolean handled, boolean unanswered) implements Result {}

    /** The flow has returned. */
    record Ended(Object output) implements Result {}
  }

  private static Result failed(Fault fault) {
    return new Result.Failed(fault, false, false);
  }

  private static Result broken(ExpressionException e) {
    return failed(Fault.fatal("expression", e.getMessage()));
  }

  // -- the flow

  private Outcome flow() {
    Frame frame = new Frame(plan, memory, nature.input(), "", null, null, null);
    if (plan.vars() != null) {
      memory.vars.putAll(map(plan.vars().fill(frame.scope(Map.of()))));
    }
    Outcome outcome = ended(frame, sequence(plan.steps(), frame));
    if (plan.timeout() == null) {
      return outcome;
    }
    long limit = plan.timeout().toMillis();
    boolean fires =
        choices.whether(
            memory.now.most() + nature.slackMillis() >= limit,
            memory.now.least() <= limit + nature.lateMillis());
    if (!fires) {
      return outcome;
    }
    memory.cut("", Memory.Time.START, limit, nature.slackMillis());
    return outcome("timed_out", null, null, false);
  }

  private Outcome ended(Frame frame, Result result) {
    return switch (result) {
      case Result.Done done -> finished(frame, done.output());
      case Result.Ended ended -> outcome("completed", ended.output(), null, false);
      case Result.Failed failed -> {
        Handlers.Clause clause = catching(plan.onError(), failed.fault(), frame, null, 0);
        if (clause == null) {
          yield outcome("failed", null, failed.fault().type(), failed.handled());
        }
        Frame handling = frame.handling("on_error/", failed.fault().data(null, 0));
        yield switch (sequence(clause.steps(), handling)) {
          case Result.Ended ended -> outcome("completed", ended.output(), null, false);
          case Result.Failed ignored -> outcome("failed", null, failed.fault().type(), false);
          case Result.Done done ->
              clause.then() == Handlers.Then.CONTINUE
                  ? finished(handling, done.output())
                  : outcome("failed", null, failed.fault().type(), true);
        };
      }
    };
  }

  private Outcome finished(Frame frame, Object last) {
    if (plan.output() == null) {
      return outcome("completed", last, null, false);
    }
    try {
      return outcome("completed", plan.output().fill(frame.scope(Map.of())), null, false);
    } catch (ExpressionException e) {
      return outcome("failed", null, "expression", false);
    }
  }

  private Outcome outcome(String status, Object output, String failure, boolean handled) {
    Map<String, Observed.At> steps = new LinkedHashMap<>();
    memory
        .steps()
        .forEach(
            (path, seen) ->
                steps.put(
                    path,
                    new Observed.At(
                        seen.status().equals("running") ? "cancelled" : seen.status(),
                        seen.attempt(),
                        seen.output())));
    return new Outcome(
        status, output, failure, handled, steps, memory.loose, memory.calls, memory.maybe);
  }

  // -- steps

  private Result sequence(List<Step> steps, Frame frame) {
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

  private Result step(Step step, Frame outside) {
    String path = outside.prefix() + step.id();
    Frame frame = outside.using(step.common().with());
    Result begun = null;
    try {
      if (step.common().disabled()
          || (step.common().when() != null
              && !step.common().when().condition(frame.scope(Map.of())))) {
        memory.put(path, "skipped", 0, null, null);
        return new Result.Done(null);
      }
    } catch (ExpressionException e) {
      begun = broken(e);
    }
    int first = memory.nextAttempt(path);
    boolean repeatedByHandler = false;
    for (int attempt = first; ; attempt = memory.nextAttempt(path)) {
      Result result = begun == null ? attempt(step, path, attempt, frame) : begun;
      if (!(result instanceof Result.Failed failed)) {
        return result;
      }
      Repetition.Pause pause = pause(step, failed, attempt, first, frame);
      if (pause != null) {
        memory.now = memory.now.plus(pause);
        continue;
      }
      memory.put(path, "failed", attempt, null, failed.fault());
      Handlers.Clause clause =
          catching(step.common().onError(), failed.fault(), frame, step, attempt);
      if (clause == null) {
        return new Result.Failed(failed.fault(), failed.handled(), false);
      }
      Frame handling = frame.handling(path + "/", failed.fault().data(step.id(), attempt));
      Result handled = sequence(clause.steps(), handling);
      switch (handled) {
        case Result.Ended ended -> {
          return ended;
        }
        case Result.Failed ignored -> {
          return failed(failed.fault());
        }
        case Result.Done done -> {
          boolean again =
              clause.then() == Handlers.Then.RETRY
                  && !repeatedByHandler
                  && !step.common().atMostOnce();
          if (clause.then() == Handlers.Then.CONTINUE) {
            memory.put(path, "completed", attempt, done.output(), failed.fault());
            return done;
          }
          if (!again) {
            return new Result.Failed(failed.fault(), true, false);
          }
          repeatedByHandler = true;
        }
      }
    }
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

  private static Handlers.Clause catching(
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
    try {
      Result result = kind(step, path, attempt, frame);
      if (!(result instanceof Result.Done done)) {
        return result;
      }
      Object output = done.output();
      if (step.common().output() != null) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("result", output);
        output = step.common().output().fill(frame.scope(more));
      }
      if (step.kind() instanceof Kind.Assign) {
        memory.set(path, map(done.output()));
      }
      memory.put(path, "completed", attempt, output, null);
      return new Result.Done(output);
    } catch (ExpressionException e) {
      return broken(e);
    }
  }

  private Result kind(Step step, String path, int attempt, Frame frame) {
    return switch (step.kind()) {
      case Kind.Call call -> call(step, call, path, attempt, frame);
      case Kind.Conditional choice -> {
        boolean yes = choice.condition().condition(frame.scope(Map.of()));
        List<Step> taken = yes ? choice.then() : choice.otherwise();
        List<Step> left = yes ? choice.otherwise() : choice.then();
        yield structure(
            step,
            path,
            attempt,
            frame,
            inside -> {
              left.forEach(one -> memory.put(inside.prefix() + one.id(), "skipped", 0, null, null));
              return sequence(taken, inside);
            });
      }
      case Kind.Group group ->
          structure(step, path, attempt, frame, inside -> sequence(group.steps(), inside));
      case Kind.Parallel parallel ->
          structure(
              step,
              path,
              attempt,
              frame,
              inside -> new Branches(parallel.branches(), inside).run());
      case Kind.Foreach each -> {
        if (!(each.list().evaluate(frame.scope(Map.of())) instanceof List<?> items)) {
          yield failed(Fault.fatal("expression", "that is no list"));
        }
        yield structure(
            step,
            path,
            attempt,
            frame,
            inside -> new Rounds(this, step, path, frame).each(each, items));
      }
      case Kind.Repeat repeat ->
          structure(
              step,
              path,
              attempt,
              frame,
              inside -> new Rounds(this, step, path, frame).repeat(repeat));
      case Kind.Wait wait -> {
        memory.now = memory.now.plus(Math.max(0, millis(wait.length())));
        yield new Result.Done(null);
      }
      case Kind.Await await -> answered(path, attempt, nature.waits().of(path, attempt), 0, await);
      case Kind.Assign assign -> new Result.Done(assign.values().fill(frame.scope(Map.of())));
      case Kind.Return end -> {
        Object value = end.value() == null ? null : end.value().fill(frame.scope(Map.of()));
        memory.put(path, "completed", attempt, value, null);
        yield new Result.Ended(value);
      }
      case Kind.Raise raise -> failed(raised(map(raise.failure().fill(frame.scope(Map.of())))));
      default -> throw new Undetermined("the kind of " + path);
    };
  }

  private static Fault raised(Map<String, Object> data) {
    return new Fault(
        data.get("type") == null ? "raised" : String.valueOf(data.get("type")),
        String.valueOf(data.get("message")),
        0,
        Boolean.TRUE.equals(data.get("retryable")),
        "",
        data.get("data"),
        0);
  }

  @SuppressWarnings("unchecked") // the reader lets only maps stand there
  private static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private static long millis(TimeSpan span) {
    if (span instanceof TimeSpan.Fixed fixed) {
      return fixed.duration().toMillis();
    }
    throw new Undetermined("how long something lasts");
  }

  // -- calls and waits

  private Result call(Step step, Kind.Call call, String path, int attempt, Frame frame) {
    if (step.common().atMostOnce() && attempt > 1) {
      return failed(Fault.fatal("interrupted", "it was entered before"));
    }
    boolean lost = step.common().atMostOnce() && choices.whether(nature.faulty(), true);
    Map<String, Object> more = new LinkedHashMap<>();
    if (call.await() != null) {
      more.put("callback", Map.of("url", "u", "token", "t"));
    }
    if (lost) {
      memory.maybe.add(path + "#" + attempt);
      memory.leaves(path);
      return failed(Fault.fatal("interrupted", "nobody knows whether it was made"));
    }
    if (call.params() != null) {
      call.params().fill(frame.scope(more));
    }
    if (step.common().idempotencyKey() != null) {
      step.common().idempotencyKey().fill(frame.scope(more));
    }
    Ending.Call made = nature.calls().of(path, attempt, call.await() != null);
    memory.called(path, attempt);
    return switch (made.ending()) {
      case Ending.Value value -> {
        memory.now = memory.now.plus(made.millis());
        yield new Result.Done(value.value());
      }
      case Ending.Refusal refusal -> {
        memory.now = memory.now.plus(made.millis());
        yield failed(refusal.fault());
      }
      case Ending.Later later ->
          answered(path, attempt, later.words(), made.millis(), call.await());
    };
  }

  private Result answered(
      String path, int attempt, List<Ending.Word> words, long calling, Kind.Await await) {
    if (memory.hasLeftover(path)) {
      throw new Undetermined("which answer comes for " + path);
    }
    if (words.isEmpty()) {
      memory.put(path, "running", attempt, null, null);
      memory.now = memory.now.plus(calling + millis(await.timeout()));
      return new Result.Failed(Fault.timeout(), false, true);
    }
    if (words.size() > 1) {
      memory.leaves(path);
    }
    Ending.Word word = words.getFirst();
    memory.now = memory.now.plus(word.afterMillis());
    return word.fault() == null ? new Result.Done(word.value()) : failed(word.fault());
  }

  // -- structures

  @FunctionalInterface
  private interface Body {
    Result run(Frame inside);
  }

  /** What holds other steps: begun, run within its timeout. */
  private Result structure(Step step, String path, int attempt, Frame frame, Body body) {
    Long limit = step.common().timeout() == null ? null : millis(step.common().timeout());
    if (attempt > 1) {
      memory.forget(path);
    }
    memory.put(path, "running", attempt, null, null);
    Memory.Time began = memory.now;
    Result result = body.run(frame.within(path + "/"));
    if (limit == null) {
      return result;
    }
    long least = memory.now.least() - began.least();
    long most = memory.now.most() - began.most() + nature.slackMillis();
    if (!choices.whether(most >= limit, least <= limit + nature.lateMillis())) {
      return result;
    }
    memory.cut(path, began, limit, nature.slackMillis());
    memory.now = began.plus(limit);
    return failed(Fault.timeout());
  }

  /** The rounds of a loop; of one that has ended only the history tells. */
  private record Rounds(Interpreter all, Step loop, String path, Frame frame) {
    Result each(Kind.Foreach each, List<?> items) {
      List<Object> results = new ArrayList<>();
      Memory.Time began = all.memory.now;
      long longest = 0;
      int failures = 0;
      for (int i = 0; i < items.size(); i++) {
        Map<String, Object> names = new LinkedHashMap<>(Map.of("index", (long) i));
        names.put("item", items.get(i));
        if (each.as() != null) {
          names.put(each.as(), items.get(i));
        }
        Memory.Time start = all.memory.now;
        Frame round = frame.in(loop.path(), path + "[" + i + "]/", names);
        Result result = collected(each, round, all.sequence(each.body(), round));
        boolean alone = each.concurrency() == 1 || items.size() == 1;
        if (!alone && !(result instanceof Result.Done)) {
          throw new Undetermined("what the other items of " + path + " have done");
        }
        if (result instanceof Result.Ended) {
          return result;
        }
        if (result instanceof Result.Failed failed
            && ++failures > each.tolerance().of(items.size())) {
          all.memory.doubt(path, i);
          return new Result.Failed(failed.fault(), failed.handled(), false);
        }
        results.add(result instanceof Result.Done done ? done.output() : null);
        all.memory.forgetRound(path, i);
        longest = Math.max(longest, all.memory.now.least() - start.least());
        if (!alone) {
          all.memory.now =
              new Memory.Time(
                  Math.max(start.least(), began.least() + longest), all.memory.now.most());
        }
      }
      return new Result.Done(results);
    }

    private Result collected(Kind.Foreach each, Frame round, Result result) {
      if (each.collect() == null || !(result instanceof Result.Done done)) {
        return result;
      }
      try {
        return new Result.Done(each.collect().fill(round.scope(result(done.output()))));
      } catch (ExpressionException e) {
        return broken(e);
      }
    }

    private static Map<String, Object> result(Object output) {
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("result", output);
      return more;
    }

    Result repeat(Kind.Repeat repeat) {
      for (int i = 0; ; i++) {
        Frame round = frame.in(loop.path(), path + "[" + i + "]/", Map.of("index", (long) i));
        Result result = all.sequence(repeat.body(), round);
        if (result instanceof Result.Ended) {
          return result;
        }
        if (!(result instanceof Result.Done done)) {
          all.memory.doubt(path, i);
          return result;
        }
        boolean enough =
            repeat.until() != null && repeat.until().condition(round.scope(result(done.output())));
        all.memory.forgetRound(path, i);
        if (enough || i + 1 == repeat.max()) {
          return result;
        }
        if (repeat.every() != null) {
          all.memory.now = all.memory.now.plus(millis(repeat.every()));
        }
      }
    }
  }

  /** Branches at the same time, of which one that fails, or returns, stops the others. */
  private final class Branches {
    private final List<Step> branches;
    private final Frame inside;
    private final Memory.Time began = memory.now;

    /** A branch as it would end if no other stopped it. */
    private record Branch(String path, Result result, Memory.Time end) {
      boolean strikes() {
        return !(result instanceof Result.Done);
      }
    }

    Branches(List<Step> branches, Frame inside) {
      this.branches = branches;
      this.inside = inside;
    }

    Result run() {
      List<Branch> ends = new ArrayList<>();
      for (Step branch : branches) {
        memory.now = began;
        Result result = step(branch, inside);
        ends.add(new Branch(inside.prefix() + branch.id(), result, memory.now));
      }
      return ends.stream().anyMatch(Branch::strikes) ? struck(ends) : joined(ends);
    }

    private Result joined(List<Branch> ends) {
      Map<String, Object> outputs = new LinkedHashMap<>();
      long least = began.least();
      long most = began.most();
      for (int i = 0; i < ends.size(); i++) {
        outputs.put(branches.get(i).id(), ((Result.Done) ends.get(i).result()).output());
        least = Math.max(least, ends.get(i).end().least());
        most = Math.max(most, ends.get(i).end().most());
      }
      memory.now = new Memory.Time(least, most);
      return new Result.Done(outputs);
    }

    private Result struck(List<Branch> ends) {
      long latest = Long.MAX_VALUE;
      for (Branch end : ends) {
        if (end.strikes()) {
          latest = Math.min(latest, end.end().most() - began.most() + nature.slackMillis());
        }
      }
      List<Branch> first = new ArrayList<>();
      for (Branch end : ends) {
        if (end.strikes() && end.end().least() - began.least() <= latest) {
          first.add(end);
        }
      }
      int won = ends.indexOf(first.get(choices.of(first.size())));
      Branch winner = ends.get(won);
      long strike = winner.end().least() - began.least();
      for (int i = 0; i < ends.size(); i++) {
        if (i != won) {
          stop(ends.get(i), strike);
        }
      }
      memory.now =
          new Memory.Time(
              winner.end().least(), Math.min(winner.end().most(), began.most() + latest));
      return winner.result();
    }

    /** What a branch that is no longer wanted has done. */
    private void stop(Branch branch, long strike) {
      long slack = nature.slackMillis();
      boolean over = branch.end().most() - began.most() + slack < strike;
      if (!over) {
        memory.cut(branch.path(), began, strike, slack);
        memory.loose.add(branch.path());
        memory.leaves(branch.path());
        String call = branch.path() + "#";
        memory.calls.stream()
            .filter(c -> c.startsWith(call))
            .toList()
            .forEach(
                c -> {
                  memory.calls.remove(c);
                  memory.maybe.add(c);
                });
        memory.doubt(branch.path());
      }
    }
  }
}
