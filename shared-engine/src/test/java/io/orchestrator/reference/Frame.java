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
 */
record Frame(
    Plan plan,
    Memory memory,
    Object input,
    String prefix,
    Map<String, Object> error,
    Supplier<Object> with) {
  private static final Instant WHENEVER = Instant.EPOCH;

  Frame within(String deeper) {
    return new Frame(plan, memory, input, deeper, error, with);
  }

  Frame handling(String deeper, Map<String, Object> caught) {
    return new Frame(plan, memory, input, deeper, caught, with);
  }

  Frame using(Template filled) {
    return filled == null
        ? this
        : new Frame(
            plan, memory, input, prefix, error, () -> filled.fill(scope(Map.of())));
  }

  Scope scope(Map<String, Object> more) {
    return new Scope(
        name -> more.containsKey(name) ? more.get(name) : root(name), WHENEVER, "reference");
  }

  private Object root(String name) {
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
    Memory.Seen seen = step == null ? null : memory.step(step.path());
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
