package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rounds of a loop; of one that has ended only the history tells. */
record Rounds(Steps steps, Step loop, String path, Frame frame) {
  Result each(Kind.Foreach each, List<?> items) {
    Memory memory = steps.memory;
    List<Strands.Strand> strands = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      int number = i;
      String round = path + "[" + i + "]";
      strands.add(
          new Strands.Strand(round, each.body(), () -> item(each, number, items.get(number))));
    }
    boolean alone = each.concurrency() == 1 || items.size() <= 1;
    Strands.Join join = new Strands.Join(0, each.tolerance(), alone ? 1 : each.concurrency());
    memory.crowded += alone ? 0 : 1;
    Strands.Together together = new Strands(steps, strands, join, path).run();
    memory.crowded -= alone ? 0 : 1;
    Object[] results = new Object[items.size()];
    for (Strands.Over over : together.over()) {
      int number = strands.indexOf(over.strand());
      results[number] = over.result() instanceof Result.Done done ? done.output() : null;
      if (over.equals(together.decided())) {
        memory.doubt(path, number);
      } else {
        memory.forgetRound(path, number);
      }
    }
    return together.result(Arrays.asList(results));
  }

  private Result item(Kind.Foreach each, int number, Object item) {
    Map<String, Object> names = new LinkedHashMap<>(Map.of("index", (long) number));
    names.put("item", item);
    if (each.as() != null) {
      names.put(each.as(), item);
    }
    Frame round = frame.in(loop.path(), path + "[" + number + "]/", names);
    return collected(each, round, steps.sequence(each.body(), round));
  }

  private Result collected(Kind.Foreach each, Frame round, Result result) {
    if (each.collect() == null || !(result instanceof Result.Done done)) {
      return result;
    }
    try {
      return new Result.Done(each.collect().fill(round.scope(result(done.output()))));
    } catch (ExpressionException e) {
      return Result.broken(e);
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
      Result result = steps.sequence(repeat.body(), round);
      if (result.isOfFlow()) {
        return result;
      }
      if (!(result instanceof Result.Done done)) {
        steps.memory.doubt(path, i);
        return result;
      }
      boolean enough =
          repeat.until() != null && repeat.until().condition(round.scope(result(done.output())));
      steps.memory.forgetRound(path, i);
      if (enough || i + 1 == repeat.max()) {
        return result;
      }
      if (repeat.every() != null) {
        steps.memory.now = steps.memory.now.plus(Steps.millis(repeat.every()));
      }
    }
  }
}
