package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Covers what of an execution nobody may see, in the lines of its history and in everything else
 * that is told of it. A covered line holds what is shown, and under one key what is hidden, so that
 * a store can seal that. Pure.
 */
public final class Masked {
  /** The key of a line under which stands what is hidden, by pointer. */
  public static final String HIDDEN = "masked";

  /** The key under which it stands sealed. */
  public static final String SEALED = "sealed";

  private final Plan plan;
  private final MaskRules rules;
  private final Cover cover;

  /**
   * For what people are asked: a form says what fields there are, and is not what stands in them.
   */
  private final Cover asked;

  private Masked(Plan plan, MaskRules rules) {
    this.plan = plan;
    this.rules = rules;
    this.cover = new Cover(rules);
    this.asked = cover.by(rules.shapesOnly());
  }

  /** What the flow itself wants covered while an execution goes through these states. */
  public static Masked of(Plan plan, List<Execution> states, Instant now) {
    return of(plan, MaskRules.NONE, states, now);
  }

  /** The same with what the deployment wants covered in every flow. */
  public static Masked of(Plan plan, MaskRules rules, List<Execution> states, Instant now) {
    Masked masked = new Masked(plan, rules);
    states.forEach(state -> masked.learn(state, now));
    return masked;
  }

  private void learn(Execution execution, Instant now) {
    cover.learn(execution.input(), plan.masks().of("input"));
    cover.learn(execution.trigger(), plan.masks().of("trigger"));
    cover.learn(execution.vars(), plan.masks().of("vars"));
    cover.learn(execution.output(), plan.masks().of("output"));
    if (!rules.isEmpty()) {
      byRule(execution);
    }
    for (StepState state : execution.steps()) {
      Step step = plan.at(state.path());
      if (step != null && counts(state)) {
        learn(execution, state, step, now);
      }
    }
  }

  private void byRule(Execution execution) {
    cover.learnByRule(execution.input());
    cover.learnByRule(execution.trigger());
    cover.learnByRule(execution.vars());
    cover.learnByRule(execution.output());
    for (StepState state : execution.steps()) {
      cover.learnByRule(state.output());
      cover.learnByRule(state.call());
      if (state.failure() != null) {
        cover.learnByRule(state.failure().toData());
      }
    }
  }

  /** Whether the rules find anything in what an execution has seen. */
  public static boolean concerns(MaskRules rules, Execution execution) {
    return rules.concerns(execution.input())
        || rules.concerns(execution.trigger())
        || rules.concerns(execution.vars())
        || execution.steps().stream()
            .anyMatch(
                state ->
                    rules.concerns(state.output())
                        || rules.concerns(state.call())
                        || (state.failure() != null && rules.concerns(state.failure().toData())));
  }

  /** The iterations of a loop that are over have their results in what the loop gives. */
  private static boolean counts(StepState state) {
    return state.path().indexOf('[') < 0 || state.status().isActive();
  }

  private void learn(Execution execution, StepState state, Step step, Instant now) {
    List<List<String>> output = plan.masks().output(step);
    cover.learn(state.output(), output);
    cover.learn(state.call(), output);
    if (state.pause() instanceof Pause.Asked asked) {
      asked.votes().forEach(vote -> cover.learn(vote.form(), plan.masks().form(step)));
    }
    if (state.failure() != null) {
      cover.learn(state.failure().toData(), plan.masks().error());
    }
    List<List<String>> params = plan.masks().params(step);
    if (!params.isEmpty()
        && step.kind() instanceof Kind.Call
        && CallPlan.of(plan, execution, state.path(), null, null, now)
            instanceof CallPlan.Ready ready) {
      cover.learn(ready.params(), params);
    }
  }

  /** A line of the history, covered. */
  public Notation.Written line(Notation.Written line) {
    Map<String, Object> data = map(Json.readStored(line.data()));
    Map<String, Object> hidden = new LinkedHashMap<>();
    Map<String, Object> shown = new LinkedHashMap<>();
    Step step = line.step() == null ? null : plan.at(line.step());
    data.forEach((key, value) -> shown.put(key, shown(key, value, step, hidden)));
    if (hidden.isEmpty()) {
      return line;
    }
    shown.put(HIDDEN, hidden);
    return new Notation.Written(
        line.event(), line.step(), line.attempt(), Json.write(shown), line.delay());
  }

  private Object shown(String key, Object value, Step step, Map<String, Object> hidden) {
    String pointer = "/" + key;
    return switch (key) {
      case "input" -> cover.over(value, plan.masks().of(key), pointer, hidden);
      case "trigger", "vars" -> entries(value, plan.masks().of(key), pointer, hidden);
      case "output", "call" -> {
        List<List<String>> paths =
            step == null ? plan.masks().of("output") : plan.masks().output(step);
        yield cover.over(value, paths, pointer, hidden);
      }
      case "error" -> entries(value, plan.masks().error(), pointer, hidden);
      case "form" ->
          cover.over(value, step == null ? List.of() : plan.masks().form(step), pointer, hidden);
      case "data" -> cover.over(value, data(step), pointer, hidden);
      case "ended" -> results(value, pointer, hidden);
      case "items", "key", "reason" -> cover.over(value, List.of(), pointer, hidden);
      case "question" -> asked.over(value, List.of(), pointer, hidden);
      default -> value;
    };
  }

  /** A map that stays one: where the whole of it is masked, every value is. */
  private Object entries(
      Object value, List<List<String>> paths, String pointer, Map<String, Object> hidden) {
    List<List<String>> inside = new ArrayList<>();
    paths.forEach(path -> inside.add(path.isEmpty() ? List.of("*") : path));
    return cover.over(value, inside, pointer, hidden);
  }

  /** What an event says that a step publishes, or a signal that some step waits for. */
  private List<List<String>> data(Step step) {
    if (step != null) {
      return plan.masks().output(step);
    }
    List<List<String>> paths = new ArrayList<>();
    for (Step each : plan.everyStep()) {
      if (each.kind() instanceof Kind.AwaitSignal) {
        paths.addAll(plan.masks().output(each));
      }
    }
    return paths;
  }

  /** What iterations gave: each stands with its path, or is the output of the very line. */
  private Object results(Object value, String pointer, Map<String, Object> hidden) {
    List<Object> shown = new ArrayList<>();
    List<?> ended = (List<?>) value;
    for (int i = 0; i < ended.size(); i++) {
      String at = pointer + "/" + i;
      shown.add(
          ended.get(i) instanceof Map<?, ?> map && map.get("path") instanceof String path
              ? result(map(map), InstancePath.loop(path), at, hidden)
              : ended.get(i));
    }
    return shown;
  }

  private Object result(
      Map<String, Object> result, String loop, String pointer, Map<String, Object> hidden) {
    List<List<String>> paths = new ArrayList<>();
    Step step = plan.at(loop);
    for (List<String> path : step == null ? List.<List<String>>of() : plan.masks().output(step)) {
      boolean each = step.kind() instanceof Kind.Foreach && !path.isEmpty();
      paths.add(each ? path.subList(1, path.size()) : path);
    }
    Map<String, Object> shown = new LinkedHashMap<>(result);
    shown.computeIfPresent(
        "result", (key, value) -> cover.over(value, paths, pointer + "/" + key, hidden));
    return shown;
  }

  /** What a step was given, covered. */
  public Object params(String path, Object params) {
    return shown(params, plan.masks().params(plan.at(path)));
  }

  /** What a step gave, covered; the empty path is the execution itself. */
  public Object output(String path, Object output) {
    return shown(
        output, path.isEmpty() ? plan.masks().of("output") : plan.masks().output(plan.at(path)));
  }

  /** A failure as data, covered. */
  public Object failure(Failure failure) {
    return shown(failure.toData(), plan.masks().error());
  }

  private Object shown(Object data, List<List<String>> paths) {
    return plan.masks().any() ? cover.over(data, paths, "", new LinkedHashMap<>()) : data;
  }

  /** A text that is told of the execution, covered. */
  public String text(String text) {
    return cover.over(text);
  }

  /** What people are asked, as compact JSON, covered. */
  public String json(String json) {
    return asked.overJson(json);
  }

  /**
   * What a covered line says in truth.
   *
   * @throws IllegalStateException when it is sealed
   */
  public static Map<String, Object> lifted(Map<String, Object> data) {
    if (data.containsKey(SEALED)) {
      throw new IllegalStateException("what is masked in the line is sealed");
    }
    if (data.remove(HIDDEN) instanceof Map<?, ?> hidden) {
      Cover.lift(data, map(hidden));
    }
    return data;
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
