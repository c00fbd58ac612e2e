package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rounds of a loop; of one that has ended only the history tells. */
record Rounds(Steps steps, Step loop, String path, Frame frame) {
  Result each(Kind.Foreach each, List<?> items) {
    boolean alone = each.concurrency() == 1 || items.size() <= 1;
    steps.memory.crowded += alone ? 0 : 1;
    Result result = items(each, items, alone);
    steps.memory.crowded -= alone ? 0 : 1;
    return result;
  }

  private Result items(Kind.Foreach each, List<?> items, boolean alone) {
    Memory memory = steps.memory;
    List<Object> results = new ArrayList<>();
    Memory.Time began = memory.now;
    long longest = 0;
    int failures = 0;
    for (int i = 0; i < items.size(); i++) {
      Map<String, Object> names = new LinkedHashMap<>(Map.of("index", (long) i));
      names.put("item", items.get(i));
      if (each.as() != null) {
        names.put(each.as(), items.get(i));
      }
      Memory.Time start = memory.now;
      Frame round = frame.in(loop.path(), path + "[" + i + "]/", names);
      Result result = collected(each, round, steps.sequence(each.body(), round));
      if (!alone && !(result instanceof Result.Done)) {
        throw new Undetermined("what the other items of " + path + " have done");
      }
      if (result.isOfFlow()) {
        return result;
      }
      if (result instanceof Result.Failed failed
          && ++failures > each.tolerance().of(items.size())) {
        memory.doubt(path, i);
        return new Result.Failed(failed.fault(), failed.handled(), false);
      }
      results.add(result instanceof Result.Done done ? done.output() : null);
      memory.forgetRound(path, i);
      longest = Math.max(longest, memory.now.least() - start.least());
      if (!alone) {
        memory.now =
            new Memory.Time(Math.max(start.least(), began.least() + longest), memory.now.most());
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
