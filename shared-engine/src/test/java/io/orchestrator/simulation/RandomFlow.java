package io.orchestrator.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A flow that a seed decides: every kind, nested, with everything that can stand beside it, and
 * valid by construction.
 */
public final class RandomFlow {
  private static final int STEPS_MAX = 12;
  private static final int DEPTH_MAX = 4;
  private static final List<String> SPANS = List.of("0s", "500ms", "1s", "30s", "5m");
  private static final List<String> TYPES =
      List.of("*", "adapter_*", "timeout", "raised.low", "expression", "rate_limited", "raised.*");

  private static final Set<String> NEVER_REPEATED = Set.of("wait", "set", "return", "raise");

  private final SplittableRandom random;
  private int steps;

  private RandomFlow(SplittableRandom random) {
    this.random = random;
  }

  /** The flow of a seed, as a tree. */
  static Map<String, Object> tree(long seed) {
    return new RandomFlow(new SplittableRandom(seed)).flow();
  }

  private Map<String, Object> flow() {
    Map<String, Object> flow = new LinkedHashMap<>();
    flow.put("flow", "random");
    flow.put("vars", Map.of("rate", 3L));
    flow.put("define", Map.of("noted", Map.of("adapter", "g", "params", Map.of("n", "$with.n"))));
    if (chance(8)) {
      flow.put("timeout", pick(List.of("20s", "10m", "30d")));
    }
    flow.put("steps", block(1, new ArrayList<>(), 5));
    if (chance(20)) {
      flow.put("on_error", handlers(1, new ArrayList<>()));
    }
    if (chance(15)) {
      flow.put("output", pick(List.of("$vars", "$input.n", "$vars.rate + 1", "$input.n + 'x'")));
    }
    return flow;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private List<Object> block(int depth, List<String> before, int most) {
    List<Object> block = new ArrayList<>();
    List<String> seen = new ArrayList<>(before);
    int length = 1 + random.nextInt(most);
    for (int i = 0; i < length && (i == 0 || steps < STEPS_MAX); i++) {
      Map<String, Object> step = step(depth, seen);
      block.add(step);
      if (Ends.always(step)) {
        break; // nothing after it could be reached
      }
      seen.add(step.keySet().iterator().next());
    }
    return block;
  }

  private Map<String, Object> step(int depth, List<String> seen) {
    String id = "s" + ++steps;
    Map<String, Object> body = new LinkedHashMap<>();
    boolean structure = depth < DEPTH_MAX && steps < STEPS_MAX && chance(38);
    if (structure) {
      structure(body, depth, seen);
    } else {
      leaf(body, seen);
    }
    if (chance(10)) {
      body.put("when", condition(seen));
    }
    if (chance(30) && body.keySet().stream().noneMatch(NEVER_REPEATED::contains)) {
      body.put("retry", retry());
    }
    if (!body.containsKey("use") && depth < DEPTH_MAX && steps < STEPS_MAX && chance(25)) {
      body.put("on_error", handlers(depth, seen));
    }
    if (structure && chance(15)) {
      body.put("timeout", pick(List.of("1s", "20s", "10m")));
    }
    if (chance(10)) {
      body.put(
          "output",
          pick(
              body.containsKey("adapter")
                  ? List.of("$result", "${ $input.n }!", "$result.v ?? 0", "$result.v.w")
                  : List.of("$result", "${ $input.n }!", "$input.n + 'x'")));
    }
    if (chance(3)) {
      body.put("disabled", true);
    }
    return new LinkedHashMap<>(Map.of(id, body));
  }

  private void structure(Map<String, Object> body, int depth, List<String> seen) {
    switch (random.nextInt(10)) {
      case 8 -> foreach(body, depth, seen);
      case 9 -> repeat(body, depth, seen);
      case 0, 1, 2 -> {
        List<Object> branches = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
          branches.add(step(depth + 1, seen));
        }
        body.put("parallel", branches);
      }
      case 3, 4, 5 -> {
        body.put("if", condition(seen));
        body.put("then", block(depth + 1, seen, 3));
        if (chance(60)) {
          body.put("else", block(depth + 1, seen, 2));
        }
      }
      default -> body.put("do", block(depth + 1, seen, 4));
    }
  }

  private void foreach(Map<String, Object> body, int depth, List<String> seen) {
    body.put("foreach", pick(List.of("$input.list", "range(0, 3)", "$input.n", "[]")));
    if (chance(30)) {
      body.put("as", "one" + steps);
    }
    if (chance(30)) {
      body.put("concurrency", 2L + random.nextInt(2));
    }
    if (chance(40)) {
      body.put("complete", Map.of("tolerate", pick(List.of(1L, 2L, "50%", "100%"))));
    }
    List<Object> block = block(depth + 1, seen, 2);
    body.put("do", block);
    if (chance(30)) {
      body.put("collect", pick(List.of("$result", last(block), "$index", "$item")));
    }
  }

  private void repeat(Map<String, Object> body, int depth, List<String> seen) {
    List<Object> block = block(depth + 1, seen, 2);
    body.put("repeat", block);
    body.put("max", 1L + random.nextInt(3));
    if (chance(70)) {
      body.put("until", pick(List.of("$index >= 1", last(block) + " == null", "$input.yes")));
    }
    if (chance(40)) {
      body.put("every", pick(SPANS.subList(1, SPANS.size())));
    }
  }

  private static String last(List<Object> block) {
    return "$" + ((Map<?, ?>) block.getLast()).keySet().iterator().next();
  }

  private void leaf(Map<String, Object> body, List<String> seen) {
    int kind = random.nextInt(100);
    if (kind < 45) {
      body.put("adapter", pick(List.of("a", "b", "c", "d")));
      if (chance(50)) {
        body.put("params", Map.of("n", value(seen)));
      }
      if (chance(10)) {
        body.put("delivery", "at_most_once");
      }
    } else if (kind < 60) {
      body.put("adapter", "ask");
      body.put("await", Map.of("callback", true, "timeout", pick(List.of("2h", "1d"))));
    } else if (kind < 66) {
      body.put("await", Map.of("callback", true, "timeout", pick(List.of("2h", "1d"))));
    } else if (kind < 74) {
      body.put("wait", pick(SPANS.subList(1, SPANS.size())));
    } else if (kind < 86) {
      body.put("set", Map.of("v" + steps, value(seen)));
    } else if (kind < 91) {
      body.put("use", "noted");
      body.put("with", Map.of("n", value(seen)));
    } else if (kind < 97) {
      body.put(
          "raise",
          Map.of("type", pick(List.of("raised.low", "raised.high")), "retryable", chance(50)));
    } else {
      body.put("return", value(seen));
    }
  }

  private String value(List<String> seen) {
    String other = seen.isEmpty() ? "$input.n" : "$" + pick(seen);
    return pick(
        List.of(
            "$input.n",
            "$vars.rate",
            "text",
            "$input.list",
            other,
            other,
            chance(20) ? "$input.n + 'x'" : "$input.n + 1"));
  }

  private Object condition(List<String> seen) {
    String other = seen.isEmpty() ? "$input.n" : "$" + pick(seen);
    return pick(
        List.of(
            "$input.yes",
            "not $input.yes",
            "$input.missing",
            other + " == null",
            other + " != null",
            "$input.n > 1",
            chance(30) ? "$input.n > 'x'" : "$input.n < 100"));
  }

  private Map<String, Object> retry() {
    Map<String, Object> retry = new LinkedHashMap<>();
    retry.put("attempts", 1L + random.nextInt(4));
    switch (random.nextInt(4)) {
      case 0 -> retry.put("backoff", List.of("100ms", "2s"));
      case 1 -> retry.put("delay", pick(SPANS));
      case 2 -> retry.put("backoff", pick(List.of("linear", "exponential", "constant")));
      default -> retry.put("jitter", pick(List.of("none", "equal", "full")));
    }
    if (chance(20)) {
      retry.put(pick(List.of("only", "except")), List.of(pick(TYPES), pick(TYPES)));
    }
    if (chance(10)) {
      retry.put(
          "when",
          pick(
              List.of(
                  "$error.adapter == 'a'",
                  "$error.retryable",
                  "$error.data.no",
                  "$error.data > 1")));
    }
    return retry;
  }

  private Object handlers(int depth, List<String> seen) {
    return switch (random.nextInt(3)) {
      case 0 -> block(depth + 1, seen, 2);
      case 1 -> clause(depth, seen, new LinkedHashMap<>());
      default -> {
        List<Object> clauses = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          Map<String, Object> clause = new LinkedHashMap<>();
          clause.put("catch", List.of(pick(TYPES)));
          if (chance(30)) {
            clause.put(
                "when",
                pick(List.of("$error.retryable", "$error.adapter == 'a'", "$error.data > 1")));
          }
          clauses.add(clause(depth, seen, clause));
        }
        yield clauses;
      }
    };
  }

  private Map<String, Object> clause(int depth, List<String> seen, Map<String, Object> clause) {
    clause.put("steps", block(depth + 1, seen, 2));
    clause.put("then", pick(List.of("fail", "continue", "continue", "retry")));
    return clause;
  }
}
