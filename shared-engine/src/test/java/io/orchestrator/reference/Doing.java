package io.orchestrator.reference;

import io.orchestrator.flow.Budget;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an attempt of a step does, by its kind. */
final class Doing {
  private static final Fault STRUCK = Fault.fatal("cancelled", "what contains it has ended");

  private final Steps steps;
  private final Nature nature;
  private final Choices choices;
  private final Memory memory;
  private final Asking asking;

  Doing(Steps steps) {
    this.steps = steps;
    this.nature = steps.nature;
    this.choices = steps.choices;
    this.memory = steps.memory;
    this.asking = new Asking(nature, choices, memory);
  }

  /**
   * Whether the budget of the flow allows for more.
   *
   * @param more calls, or starts of sub-flows, that are about to begin
   */
  boolean affords(String path, int more) {
    Budget budget = steps.plan.terms().budget();
    boolean bounded = budget.steps() != null || budget.tokens() != null || budget.cost() != null;
    if (!bounded || budget.pauses() || memory.spendsFreely) {
      return true; // what pauses it is raised, and it goes on as if there had been enough
    }
    if (memory.racing > 0 || !memory.loose.isEmpty()) {
      throw new Undetermined("how many calls were begun before " + path);
    }
    boolean enough =
        (budget.steps() == null || memory.called + more <= budget.steps())
            && (budget.tokens() == null || memory.tokens < budget.tokens())
            && (budget.cost() == null || memory.cost.compareTo(budget.cost()) < 0);
    memory.called += enough ? more : 0;
    return enough;
  }

  Result kind(Step step, String path, int attempt, Frame frame) {
    return switch (step.kind()) {
      case Kind.Call call -> asking.call(step, call, path, attempt, frame);
      case Kind.Conditional choice -> {
        boolean yes = choice.condition().condition(frame.scope(Map.of()));
        yield chosen(step, path, attempt, frame, yes ? 0 : 1);
      }
      case Kind.Switch choice -> chosen(step, path, attempt, frame, Cases.fitting(choice, frame));
      case Kind.Group group ->
          structure(step, path, attempt, frame, inside -> steps.sequence(group.steps(), inside));
      case Kind.Parallel parallel ->
          structure(
              step,
              path,
              attempt,
              frame,
              inside -> new Branches(steps, parallel, path, inside).run());
      case Kind.Foreach each -> {
        if (!(each.list().evaluate(frame.scope(Map.of())) instanceof List<?> items)) {
          yield Result.failed(Fault.fatal("expression", "that is no list"));
        }
        if (items.isEmpty()) {
          memory.debts.idle(path);
        }
        yield structure(
            step,
            path,
            attempt,
            frame,
            inside -> new Rounds(steps, step, path, frame).each(each, items));
      }
      case Kind.Repeat repeat ->
          structure(
              step,
              path,
              attempt,
              frame,
              inside -> new Rounds(steps, step, path, frame).repeat(repeat));
      case Kind.Wait wait -> {
        memory.now = memory.now.plus(Math.max(0, Steps.millis(wait.length())));
        yield new Result.Done(null);
      }
      case Kind.Await await ->
          asking.answered(
              path, attempt, nature.world().answers(nature.execution(), path, attempt), 0, await);
      case Kind.AwaitSignal await ->
          asking.heard(await.name(), path, attempt, Steps.millis(await.timeout()), true);
      case Kind.AwaitEvent await -> {
        Object key = await.key() == null ? null : await.key().evaluate(frame.scope(Map.of()));
        boolean meant = key == null || key.equals(nature.world().key());
        String name = meant ? await.type() : "nothing of " + await.type();
        yield asking.heard(name, path, attempt, Steps.millis(await.timeout()), !nature.faulty());
      }
      case Kind.Emit emit -> new Result.Done(emit.event().fill(frame.scope(Map.of())));
      case Kind.Assert must ->
          must.condition().condition(frame.scope(Map.of()))
              ? new Result.Done(true)
              : Result.failed(Fault.fatal("assertion", "it does not hold"));
      case Kind.Assign assign -> new Result.Done(assign.values().fill(frame.scope(Map.of())));
      case Kind.Return end -> {
        Object value = end.value() == null ? null : end.value().fill(frame.scope(Map.of()));
        memory.put(path, "completed", attempt, value, null);
        yield new Result.Ended(value);
      }
      case Kind.Raise raise -> Result.failed(raised(raise, frame));
      case Kind.Approve approve -> asking.decided(approve, path, attempt, frame);
      case Kind.SubFlow sub -> new Children(steps, step, sub).run(path, attempt, frame);
    };
  }

  private static Fault raised(Kind.Raise raise, Frame frame) {
    Map<String, Object> data = Steps.map(raise.failure().fill(frame.scope(Map.of())));
    return new Fault(
        data.get("type") == null ? "raised" : String.valueOf(data.get("type")),
        String.valueOf(data.get("message")),
        0,
        Boolean.TRUE.equals(data.get("retryable")),
        "",
        data.get("data"),
        0);
  }

  // -- structures

  /** One of several blocks is done, the others are skipped. */
  private Result chosen(Step step, String path, int attempt, Frame frame, int which) {
    List<List<Step>> blocks = step.kind().blocks();
    return structure(
        step,
        path,
        attempt,
        frame,
        inside -> {
          List<Step> left = new ArrayList<>();
          for (int i = 0; i < blocks.size(); i++) {
            left.addAll(i == which ? List.of() : blocks.get(i));
          }
          left.forEach(one -> memory.put(inside.prefix() + one.id(), "skipped", 0, null, null));
          return steps.sequence(blocks.get(which), inside);
        });
  }

  @FunctionalInterface
  private interface Body {
    Result run(Frame inside);
  }

  /** What holds other steps: begun, run within its timeout, and what is done in any case. */
  private Result structure(Step step, String path, int attempt, Frame frame, Body body) {
    if (attempt > 1) {
      memory.forget(path);
    }
    memory.put(path, "running", attempt, null, null);
    Result result = inTime(step, path, body, frame);
    if (!(step.kind() instanceof Kind.Group group) || group.atEnd().isEmpty()) {
      return result;
    }
    if (result.isOfFlow()) {
      memory.settles();
    }
    Map<String, Object> error =
        switch (result) {
          case Result.Failed failed -> failed.fault().data(step.id(), attempt);
          case Result.Done ignored -> null;
          case Result.Ended ignored -> STRUCK.data(step.id(), attempt);
          case Result.Stopped ignored -> STRUCK.data(step.id(), attempt);
        };
    Result last = steps.sequence(group.atEnd(), frame.handling(path + "/", error));
    if (last.isOfFlow() && result.isOfFlow()) {
      throw new Undetermined("which end of the flow counts");
    }
    if (result.isOfFlow()) {
      memory.put(path, "failed", attempt, null, STRUCK);
    }
    return switch (last) {
      case Result.Ended ended -> ended;
      case Result.Stopped stopped -> stopped;
      case Result.Done ignored -> result;
      case Result.Failed failed ->
          switch (result) {
            case Result.Failed first -> Result.failed(first.fault());
            case Result.Done ignored -> failed;
            case Result.Ended ignored -> new Result.Stopped(failed.fault(), false, true);
            case Result.Stopped stopped -> stopped;
          };
    };
  }

  private Result inTime(Step step, String path, Body body, Frame frame) {
    Memory.Time began = memory.now;
    Result result = body.run(frame.within(path + "/"));
    if (step.common().timeout() == null) {
      return result;
    }
    long limit = Steps.millis(step.common().timeout());
    long least = memory.now.least() - began.least();
    long most = memory.now.most() - began.most() + nature.slackMillis();
    if (!choices.whether(most >= limit, least <= limit + nature.lateMillis())) {
      return result;
    }
    memory.now = began.plus(limit);
    memory.cut(path, began, limit, nature.slackMillis());
    var _ = Struck.atWork(step.kind().blocks().getFirst(), memory);
    return Result.failed(Fault.timeout());
  }
}
