package io.orchestrator.reference;

import io.orchestrator.expression.Scope;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the expressions at one place can see.
 *
 * @param prefix of the instance paths of the steps there
 * @param error what {@code $error} is; null outside of handlers
 * @param with what {@code $with} is; null outside of definitions
 * @param isBlind whether a step of which nothing can be said is null: what is only handed on may be
 *     anything
 */
record Frame(
    Plan plan,
    Memory memory,
    Object input,
    String prefix,
    Map<String, Object> error,
    Supplier<Object> with,
    Round round,
    boolean isBlind) {
  private static final Instant WHENEVER = Instant.EPOCH;

  /**
   * A round of a loop, or an item.
   *
   * @param outer the round of the loop around; null without
   * @param loop plan path of the loop
   * @param prefix of the instance paths of its steps
   * @param names what it gives names to
   */
  record Round(Round outer, String loop, String prefix, Map<String, Object> names) {
    String instance(String planPath) {
      return planPath.startsWith(loop + "/")
          ? prefix + planPath.substring(loop.length() + 1)
          : outer == null ? planPath : outer.instance(planPath);
    }

    boolean names(String name) {
      return names.containsKey(name) || (outer != null && outer.names(name));
    }

    Object value(String name) {
      return names.containsKey(name) ? names.get(name) : outer.value(name);
    }
  }

  Frame within(String deeper) {
    return new Frame(plan, memory, input, deeper, error, with, round, isBlind);
  }

  /** For what is handed to others as it is: nothing that the model says hangs on it. */
  Frame blind() {
    return new Frame(plan, memory, input, prefix, error, with, round, true);
  }

  Frame handling(String deeper, Map<String, Object> caught) {
    return new Frame(plan, memory, input, deeper, caught, with, round, isBlind);
  }

  Frame using(Template filled) {
    return filled == null
        ? this
        : new Frame(
            plan,
            memory,
            input,
            prefix,
            error,
            () -> filled.fill(blind().scope(Map.of())),
            round,
            isBlind);
  }

  /** In a round of a loop that stands here. */
  Frame in(String loop, String deeper, Map<String, Object> names) {
    Round next = new Round(round, loop, deeper, names);
    return new Frame(plan, memory, input, deeper, error, with, next, isBlind);
  }

  Scope scope(Map<String, Object> more) {
    return new Scope(
        name -> more.containsKey(name) ? more.get(name) : root(name), WHENEVER, "reference");
  }

  private Object root(String name) {
    if (round != null && round.names(name)) {
      return round.value(name);
    }
    return switch (name) {
      case "input" -> input;
      case "vars" -> memory.vars();
      case "error" -> error;
      case "with" -> with == null ? null : with.get();
      case "trigger" -> null;
      case "flow" -> Map.of("name", plan.flow(), "version", plan.version());
      case "steps" -> steps();
      case "execution", "item", "index", "output" -> throw new Undetermined("$" + name);
      default -> output(name);
    };
  }

  private Object output(String id) {
    Step step = plan.named(id);
    String path = step == null ? null : round == null ? step.path() : round.instance(step.path());
    if (path == null || (isBlind && memory.loose.contains(path))) {
      return null;
    }
    Memory.Seen seen = memory.step(path);
    return seen == null ? null : seen.output();
  }

  /** Status, attempts and output; the rest hangs on times and wordings. */
  private Object steps() {
    if (!memory.loose.isEmpty()) {
      throw new Undetermined("$steps");
    }
    Map<String, Object> all = new LinkedHashMap<>();
    memory
        .steps()
        .forEach(
            (path, seen) -> {
              Map<String, Object> data = new LinkedHashMap<>();
              data.put("status", seen.status());
              data.put("attempts", (long) seen.attempt());
              data.put("output", seen.output());
              all.put(plan.at(path).id(), data);
            });
    return all;
  }
}
