package io.orchestrator.generator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Flows that a seed decides: every kind, nested, with everything that can stand beside it, and
 * valid by construction. Most are small: breadth comes from their number.
 */
public final class RandomFlow {
  /** The name of the flow itself; the others of a bundle are started by its steps. */
  public static final String ROOT = "random";

  private static final int DEPTH_MAX = 4;
  private static final Set<String> NEVER_REPEATED =
      Set.of("wait", "set", "return", "raise", "emit", "assert");

  private final Dice dice;
  private final Role role;
  private final RandomLeaf leaf;
  private final int stepsMax;
  private final boolean undoes;
  private int steps;
  private int quiet;

  private RandomFlow(Dice dice, Role role) {
    this.dice = dice;
    this.role = role;
    this.leaf = new RandomLeaf(dice, role);
    int size = dice.below(100);
    boolean small = role.several() || !role.callable().isEmpty() || !role.name().equals(ROOT);
    this.stepsMax = 1 + (size < 60 || small ? dice.below(4) : size < 90 ? 3 + dice.below(5) : 11);
    this.undoes = dice.chance(15);
  }

  /** The flows of a seed, as trees by name. */
  public static Map<String, Object> bundle(long seed) {
    Dice dice = new Dice(new SplittableRandom(seed));
    Map<String, Object> flows = new LinkedHashMap<>();
    boolean several = dice.chance(5);
    List<String> callable = new ArrayList<>();
    if (dice.chance(14)) {
      if (dice.chance(25)) {
        flows.put("deep", new RandomFlow(dice, Role.inner("deep", "d", List.of())).flow());
        callable.add("deep");
      }
      flows.put("inner", new RandomFlow(dice, Role.inner("inner", "c", callable)).flow());
      callable.add("inner");
    }
    Map<String, Object> bundle = new LinkedHashMap<>();
    bundle.put(ROOT, new RandomFlow(dice, Role.root(callable, several)).flow());
    bundle.putAll(flows);
    RandomMasks.into(seed, bundle);
    Patience.of(bundle);
    return bundle;
  }

  /** A single flow of a seed that nobody but itself and its callbacks moves on. */
  public static Map<String, Object> lonely(SplittableRandom random) {
    return new RandomFlow(new Dice(random), Role.LONELY).flow();
  }

  private Map<String, Object> flow() {
    Map<String, Object> flow = new LinkedHashMap<>();
    flow.put("flow", role.name());
    flow.put("vars", Map.of("rate", 3L));
    flow.put("define", Map.of("noted", Map.of("adapter", "g", "params", Map.of("n", "$with.n"))));
    if (dice.chance(8)) {
      flow.put("timeout", dice.pick(List.of("20s", "10m", "30d")));
    }
    if (role.several()) {
      several(flow);
    }
    if (role.steered() && dice.chance(8)) {
      flow.put("budget", budget());
    }
    flow.put("steps", block(1, new ArrayList<>(), 5));
    if (dice.chance(15)) {
      flow.put("on_error", handlers(1, new ArrayList<>()));
    }
    if (dice.chance(15)) {
      flow.put(
          "output", dice.pick(List.of("$vars", "$input.n", "$vars.rate + 1", "$input.n + 'x'")));
    }
    if (role.steered() && dice.chance(6)) {
      List<Object> block = last();
      flow.put(
          "on_cancel",
          undoes && dice.chance(50) ? Map.of("steps", block, "then", "compensate") : block);
    }
    if (role.steered() && dice.chance(10)) {
      flow.put("finally", last());
    }
    return flow;
  }

  /** What matters to a flow that is started several times. */
  private void several(Map<String, Object> flow) {
    if (dice.chance(25)) {
      flow.put("idempotency", Map.of("key", dice.pick(List.of("$input.n", "$input.missing"))));
    } else {
      Map<String, Object> concurrency = new LinkedHashMap<>();
      concurrency.put("limit", 1L + dice.below(2));
      concurrency.put(
          "on_limit", dice.pick(List.of("queue", "queue", "reject", "cancel_oldest", "replace")));
      if (dice.chance(50)) {
        concurrency.put("key", "$input.n");
      }
      flow.put("concurrency", concurrency);
    }
  }

  private Map<String, Object> budget() {
    Map<String, Object> budget = new LinkedHashMap<>();
    switch (dice.below(4)) {
      case 0 -> budget.put("tokens", 1L + dice.below(200));
      case 1 ->
          budget.put("cost", dice.pick(List.of(new BigDecimal("0.5"), 1L, new BigDecimal("1.75"))));
      default -> budget.put("steps", 1L + dice.below(4));
    }
    if (dice.chance(35)) {
      budget.put("on_exceed", "pause");
    }
    return budget;
  }

  /** Steps that run at the end, one or two. */
  private List<Object> last() {
    quiet++;
    List<Object> block = block(3, new ArrayList<>(), 2);
    quiet--;
    return block;
  }

  private List<Object> block(int depth, List<String> before, int most) {
    List<Object> block = new ArrayList<>();
    List<String> seen = new ArrayList<>(before);
    int length = 1 + dice.below(most);
    for (int i = 0; i < length && (i == 0 || steps < stepsMax); i++) {
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
    String id = role.letter() + ++steps;
    Map<String, Object> body = new LinkedHashMap<>();
    boolean more = depth < DEPTH_MAX && steps < stepsMax;
    boolean structure = more && dice.chance(42);
    if (structure) {
      structure(body, depth, seen);
    } else {
      leaf.put(body, id, seen, quiet == 0);
    }
    if (dice.chance(30) && body.keySet().stream().noneMatch(NEVER_REPEATED::contains)) {
      body.put("retry", leaf.retry());
    }
    if (!body.containsKey("use") && more && dice.chance(25)) {
      body.put("on_error", handlers(depth, seen));
    }
    if (dice.chance(10)) {
      boolean repeated = body.containsKey("retry") || body.containsKey("on_error");
      body.put("when", repeated ? leaf.sound(seen) : leaf.condition(seen));
    }
    boolean starts = body.containsKey("flow");
    if ((structure || starts) && dice.chance(starts ? 30 : 15)) {
      body.put("timeout", dice.pick(List.of("1s", "20s", "10m")));
    }
    if (dice.chance(10) && !body.containsKey("output")) {
      body.put(
          "output",
          dice.pick(
              body.containsKey("adapter")
                  ? List.of("$result", "${ $input.n }!", "$result.v ?? 0", "$result.v.w")
                  : List.of("$result", "${ $input.n }!", "$input.n + 'x'")));
    }
    boolean group = body.containsKey("do") && !body.containsKey("foreach");
    boolean undoable = body.containsKey("adapter") || group;
    if (undoes && quiet == 0 && undoable && dice.chance(60)) {
      body.put("compensate", undo(seen));
    }
    if (dice.chance(3)) {
      body.put("disabled", true);
    }
    return new LinkedHashMap<>(Map.of(id, body));
  }

  private Map<String, Object> undo(List<String> seen) {
    Map<String, Object> undo = new LinkedHashMap<>();
    undo.put("adapter", dice.pick(List.of("a", "b")));
    undo.put("params", Map.of("n", leaf.value(seen)));
    if (dice.chance(50)) {
      undo.put("retry", leaf.retry());
    }
    return undo;
  }

  private void structure(Map<String, Object> body, int depth, List<String> seen) {
    switch (dice.below(12)) {
      case 0, 1, 2 -> parallel(body, depth, seen);
      case 3, 4 -> {
        body.put("if", leaf.condition(seen));
        body.put("then", block(depth + 1, seen, 3));
        if (dice.chance(60)) {
          body.put("else", block(depth + 1, seen, 2));
        }
      }
      case 5, 6 -> choice(body, depth, seen);
      case 7, 8, 9 -> {
        body.put("do", block(depth + 1, seen, 4));
        if (dice.chance(40)) {
          quiet++;
          body.put("finally", block(depth + 1, seen, 2));
          quiet--;
        }
      }
      case 10 -> foreach(body, depth, seen);
      default -> repeat(body, depth, seen);
    }
  }

  private void parallel(Map<String, Object> body, int depth, List<String> seen) {
    List<Object> branches = new ArrayList<>();
    int count = 1 + dice.below(4);
    for (int i = 0; i < count; i++) {
      branches.add(step(depth + 1, seen));
    }
    body.put("parallel", branches);
    if (dice.chance(45)) {
      Map<String, Object> enough = Map.of("min", 1L + dice.below(count));
      Map<String, Object> all = Map.of("tolerate", dice.pick(List.of(0L, 1L, 2L, "50%")));
      body.put("complete", dice.pick(List.of("all", "any", enough, all)));
    }
    if (dice.chance(20)) {
      body.put("concurrency", 1L + dice.below(3));
    }
  }

  private void choice(Map<String, Object> body, int depth, List<String> seen) {
    if (dice.chance(50)) {
      body.put("switch", dice.pick(List.of("$input.n", "$input.yes", "$input.missing", "'a'")));
      Map<String, Object> cases = new LinkedHashMap<>();
      for (String label : List.of("7", dice.pick(List.of("true", "null", "a", "b")))) {
        cases.put(label, block(depth + 1, seen, 2));
      }
      body.put("cases", cases);
    } else {
      List<Object> cases = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("when", leaf.condition(seen));
        one.put("steps", block(depth + 1, seen, 2));
        cases.add(one);
      }
      body.put("switch", cases);
    }
    if (dice.chance(60)) {
      body.put("default", block(depth + 1, seen, 2));
    }
  }

  private void foreach(Map<String, Object> body, int depth, List<String> seen) {
    body.put("foreach", dice.pick(List.of("$input.list", "range(0, 3)", "$input.n", "[]")));
    if (dice.chance(30)) {
      body.put("as", "one" + steps);
    }
    if (dice.chance(30)) {
      body.put("concurrency", 2L + dice.below(2));
    }
    if (dice.chance(40)) {
      body.put("complete", Map.of("tolerate", dice.pick(List.of(1L, 2L, "50%", "100%"))));
    }
    List<Object> block = block(depth + 1, seen, 2);
    body.put("do", block);
    if (dice.chance(30)) {
      body.put("collect", dice.pick(List.of("$result", result(block), "$index", "$item")));
    }
  }

  private void repeat(Map<String, Object> body, int depth, List<String> seen) {
    List<Object> block = block(depth + 1, seen, 2);
    body.put("repeat", block);
    body.put("max", 1L + dice.below(3));
    if (dice.chance(70)) {
      body.put(
          "until", dice.pick(List.of("$index >= 1", result(block) + " == null", "$input.yes")));
    }
    if (dice.chance(40)) {
      body.put("every", dice.pick(RandomLeaf.SPANS.subList(1, RandomLeaf.SPANS.size())));
    }
  }

  private static String result(List<Object> block) {
    return "$" + ((Map<?, ?>) block.getLast()).keySet().iterator().next();
  }

  private Object handlers(int depth, List<String> seen) {
    return switch (dice.below(3)) {
      case 0 -> block(depth + 1, seen, 2);
      case 1 -> clause(depth, seen, new LinkedHashMap<>());
      default -> {
        List<Object> clauses = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          Map<String, Object> clause = new LinkedHashMap<>();
          clause.put("catch", List.of(dice.pick(RandomLeaf.TYPES)));
          if (dice.chance(30)) {
            clause.put(
                "when",
                dice.pick(List.of("$error.retryable", "$error.adapter == 'a'", "$error.data > 1")));
          }
          clauses.add(clause(depth, seen, clause));
        }
        yield clauses;
      }
    };
  }

  private Map<String, Object> clause(int depth, List<String> seen, Map<String, Object> clause) {
    clause.put("steps", block(depth + 1, seen, 2));
    List<String> ways = List.of("fail", "continue", "continue", "retry");
    clause.put("then", undoes && dice.chance(20) ? "compensate" : dice.pick(ways));
    return clause;
  }
}
