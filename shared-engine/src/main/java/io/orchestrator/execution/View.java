package io.orchestrator.execution;

import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
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
        name -> more.containsKey(name) ? more.get(name) : root(name, null),
        now,
        execution.id().toString());
  }

  /** For the first values of the variables, when the execution has nothing but its input. */
  static Scope beforeStart(
      Plan plan, Execution blank, Object input, Map<String, Object> trigger, Instant now) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("input", input);
    more.put("trigger", trigger);
    return new View(plan, blank, now).ofFlow(more);
  }

  @SuppressWarnings("unchecked") // the reader lets only maps stand where a map is needed
  static Map<String, Object> map(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  /** For the expressions of a step. */
  Scope of(Step step) {
    return of(step, Map.of());
  }

  /** For the expressions of a step, with more roots ({@code $result}, {@code $callback}). */
  Scope of(Step step, Map<String, Object> more) {
    StepState state = execution.step(step.path());
    int attempt = state == null ? 1 : state.attempt();
    Function<String, Object> roots =
        name -> more.containsKey(name) ? more.get(name) : root(name, step);
    return new Scope(roots, now, execution.id() + "/" + step.path() + "/" + attempt);
  }

  private Object root(String name, Step from) {
    return switch (name) {
      case "input" -> execution.input();
      case "vars" -> execution.vars();
      case "trigger" -> execution.trigger();
      case "execution" -> identity();
      case "flow" -> Map.of("name", plan.flow(), "version", plan.version());
      case "output" -> execution.output();
      case "steps" -> everyStep();
      case "error" -> error(from);
      case "with" -> with(from);
      default -> output(name);
    };
  }

  private Object output(String id) {
    Step step = plan.named(id);
    StepState state = step == null ? null : execution.step(step.path());
    return state == null ? null : state.output();
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

  private Map<String, Object> everyStep() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (StepState state : execution.steps()) {
      Step step = plan.at(state.path());
      if (step != null) {
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
  private Object error(Step from) {
    for (Step step = from; step != null; step = plan.at(step.place().parent())) {
      if (step.place().slot() == Place.Slot.HANDLER) {
        StepState failed = execution.step(step.place().parent());
        return failed == null
            ? flowError()
            : error(failed.path(), failed.failure(), failed.attempt());
      }
    }
    return flowError();
  }

  private Object flowError() {
    return execution.failure() == null ? null : execution.failure().toData();
  }

  private Object error(String path, Failure failure, int attempt) {
    Map<String, Object> data = failure.toData();
    Step step = plan.at(path);
    data.put("step", step == null ? path : step.id());
    data.put("attempt", (long) attempt);
    return data;
  }

  /** What {@code $with} is: the nearest used definition outwards, filled where it was used. */
  private Object with(Step from) {
    for (Step step = from; step != null; step = plan.at(step.place().parent())) {
      if (step.common().with() != null) {
        Step outside = plan.at(step.place().parent());
        return step.common().with().fill(outside == null ? ofFlow() : of(outside));
      }
    }
    return null;
  }
}
