package io.orchestrator.execution;

import io.orchestrator.expression.Scope;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Outwards;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the expressions of a step can see of an execution. */
final class View {
  private final Plan plan;
  private final Execution execution;
  private final Instant now;

  View(Plan plan, Execution execution, Instant now) {
    this.plan = plan;
    this.execution = execution;
    this.now = now;
  }

  /** For the expressions of the flow itself. */
  Scope ofFlow() {
    return ofFlow(Map.of());
  }

  /** For the expressions of the flow itself, with more roots. */
  Scope ofFlow(Map<String, Object> more) {
    return new Scope(
        name -> more.containsKey(name) ? more.get(name) : root(name, null, null),
        now,
        execution.id().toString());
  }

  /** For the first values of the variables, when the execution has nothing but its input. */
  static Scope beforeStart(
      Plan plan, Execution blank, Object input, Map<String, Object> trigger, Instant now) {
    return beforeStart(plan, blank, input, trigger, Map.of(), now);
  }

  /** The same when they have them. */
  static Scope beforeStart(
      Plan plan,
      Execution blank,
      Object input,
      Map<String, Object> trigger,
      Map<String, Object> vars,
      Instant now) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("input", input);
    more.put("trigger", trigger);
    more.put("vars", vars);
    return new View(plan, blank, now).ofFlow(more);
  }

  @SuppressWarnings("unchecked") // the reader lets only maps stand where a map is needed
  static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  /** For the expressions of a step. */
  Scope of(Instance step) {
    return of(step, Map.of());
  }

  /** For the expressions of a step, with more roots ({@code $result}, {@code $callback}). */
  Scope of(Instance step, Map<String, Object> more) {
    return scope(step, name -> more.containsKey(name) ? more.get(name) : root(name, step, step));
  }

  private Scope scope(Instance step, Function<String, Object> roots) {
    StepState state = execution.step(step.path());
    boolean active = state != null && state.status().isActive();
    int attempt = active ? state.attempt() : execution.firstAttempt(step.path());
    return new Scope(roots, now, execution.id() + "/" + step.path() + "/" + attempt);
  }

  /**
   * The value of {@code $name}.
   *
   * @param step where it is written; null for the flow itself
   * @param from who looks, which is the step or something that it holds: what undoes a step sees
   *     what was there when that had run
   */
  private Object root(String name, Instance step, Instance from) {
    return switch (name) {
      case "input" -> execution.input();
      case "vars" -> execution.vars();
      case "trigger" -> execution.trigger();
      case "execution" -> identity();
      case "flow" -> Map.of("name", plan.flow(), "version", plan.version());
      case "output" -> execution.output();
      case "steps" -> everyStep(step);
      case "error" -> error(step);
      case "item", "index" -> iterating(from).root(name, step);
      default -> {
        int level = Outwards.level(name);
        yield level < 0 ? output(name, step, from) : with(step, level, from);
      }
    };
  }

  private Object output(String id, Instance step, Instance from) {
    Step named = plan.named(id);
    if (named == null) {
      return iterating(from).item(id, step);
    }
    StepState state = state(Iterating.seen(named, step), from);
    return state == null ? null : state.output();
  }

  /** A step as another one sees it: what undoes a step sees what was there when that had run. */
  private StepState state(String path, Instance from) {
    StepState now = execution.step(path);
    Owed undone = undone(from);
    StepState then = undone == null ? null : undone.seen(path);
    boolean own = undone != null && InstancePath.isWithin(path, undone.path());
    return then == null || (own && now != null) ? now : then;
  }

  /** What the step, or what contains it, is about to undo; null if it undoes nothing. */
  private Owed undone(Instance from) {
    Owed owed = execution.standing().owed();
    boolean undoes = owed != null && execution.standing().isIn(Closing.Phase.COMPENSATING);
    return undoes && from != null && InstancePath.isWithin(from.path(), owed.path()) ? owed : null;
  }

  private Iterating iterating(Instance from) {
    return new Iterating(plan, path -> state(path, from));
  }

  private Map<String, Object> identity() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", execution.id().toString());
    data.put("tenant", execution.tenant());
    data.put(
        "started_at",
        execution.startedAt() == null ? now.toString() : execution.startedAt().toString());
    return data;
  }

  private Map<String, Object> everyStep(Instance from) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (StepState state : execution.steps()) {
      Step step = plan.at(state.path());
      if (step != null && Iterating.seen(step, from).equals(state.path())) {
        all.put(step.id(), describe(state));
      }
    }
    return all;
  }

  private Map<String, Object> describe(StepState state) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("status", state.status().text());
    data.put("attempts", (long) state.attempt());
    data.put(
        "error",
        state.failure() == null ? null : error(state.path(), state.failure(), state.attempt()));
    data.put("started_at", state.startedAt().toString());
    data.put(
        "duration_ms",
        state.endedAt() == null
            ? null
            : Duration.between(state.startedAt(), state.endedAt()).toMillis());
    data.put("output", state.output());
    if (state.call() != null) {
      data.put("call", state.call());
    }
    return data;
  }

  /** The failure whose handlers the step belongs to: the nearest one outwards. */
  private Object error(Instance from) {
    for (Instance step = from; step != null; step = step.around(plan)) {
      if (step.place().slot() == Place.Slot.FINALLY && step.around(plan) != null) {
        StepState group = execution.step(step.around(plan).path());
        Failure failure = group.outcome() == null ? null : group.outcome().failure();
        return failure == null ? null : error(group.path(), failure, group.attempt());
      }
      if (step.place().slot() == Place.Slot.HANDLER) {
        Instance around = step.around(plan);
        StepState failed = around == null ? null : execution.step(around.path());
        return failed == null
            ? flowError()
            : error(failed.path(), failed.failure(), failed.attempt());
      }
    }
    return flowError();
  }

  private Object flowError() {
    return execution.failure() == null
        ? null
        : flowError(execution.failure(), execution.failedStep());
  }

  /**
   * A failure that has reached the flow.
   *
   * @param path of the step of the flow that failed; empty if none did
   */
  Map<String, Object> flowError(Failure failure, String path) {
    StepState failed =
        path.isEmpty()
            ? Culprit.of(execution.steps(), "", failure) // undone or at its end without handlers
            : execution.step(path);
    return failed == null ? failure.toData() : error(failed.path(), failure, failed.attempt());
  }

  /**
   * A failure of a step or of what it holds; it is the innermost one with that failure that is
   * named.
   */
  Map<String, Object> error(String path, Failure failure, int attempt) {
    StepState inner = Culprit.of(execution.steps(), path, failure);
    String where = inner == null ? path : inner.path();
    int tried = inner == null ? attempt : inner.attempt();
    Map<String, Object> data = failure.toData();
    Step step = plan.at(where);
    data.put("step", step == null ? where : step.id());
    data.put("attempt", (long) tried);
    return data;
  }

  /**
   * What {@code $with} is in the options of a step, or in what it holds.
   *
   * @param level of how many definitions that have led to it, the innermost first, it is not
   * @param from who looks
   */
  private Object with(Instance step, int level, Instance from) {
    List<Template> given = step.common().given();
    if (step.common().with() == null || level > given.size()) {
      return outside(step, from);
    }
    Template values = level == 0 ? step.common().with() : given.get(given.size() - level);
    return values.fill(
        scope(
            step,
            name ->
                Outwards.level(name) == 0 ? with(step, level + 1, from) : root(name, step, from)));
  }

  /** The same where the step itself is written: there are the definitions around it. */
  private Object outside(Instance step, Instance from) {
    Instance around = step.around(plan);
    if (around == null) {
      return null;
    }
    int level =
        switch (step.place().slot()) {
          case HANDLER -> around.common().handlersWith();
          case COMPENSATION -> around.common().undoWith();
          case SEQUENCE, BRANCH, ITEM, FINALLY, ON_CANCEL -> 0;
        };
    return with(around, level, from);
  }
}
