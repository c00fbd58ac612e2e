package io.orchestrator.catalog;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Lookback;
import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Reference;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Spot;
import io.orchestrator.store.FlowRoutes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads a route as somebody wrote it, and tells everything that is wrong with it. */
final class RouteReader {
  private static final int RUNS_MAX = 1_000_000_000;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final List<String> KEY_ROOTS = List.of("input", "trigger");
  private static final UUID NOBODY = new UUID(0, 0);

  private final String flow;
  private final Function<String, Plan> plans;
  private final Problems problems;

  /**
   * @param plans gives the plan of a version; null if the flow has none
   */
  RouteReader(String flow, Function<String, Plan> plans, Problems problems) {
    this.flow = flow;
    this.plans = plans;
    this.problems = problems;
  }

  /**
   * The route; whole only if no problem has been told.
   *
   * @param current the stable version, which stays if the text names none
   */
  RouteWish read(Node.Mapping route, String current) {
    only(route, "a route", List.of("stable", "canary"));
    String stable = route.entries().containsKey("stable") ? version(route, "stable") : current;
    Node canary = route.get("canary");
    if (canary == null || (canary instanceof Node.Scalar none && none.value() == null)) {
      return RouteWish.all(stable);
    }
    if (!(canary instanceof Node.Mapping map)) {
      wrong(Code.WRONG_TYPE, canary.spot(), "a canary must be a map, not " + canary.described());
      return RouteWish.all(stable);
    }
    if (stable == null && problems.none()) {
      wrong(Code.CONTRADICTION, canary.spot(), "there is no canary without a stable version");
    }
    return new RouteWish(stable, data(map), canary(map, stable));
  }

  @SuppressWarnings("unchecked") // a map's data has string keys
  private static Map<String, Object> data(Node.Mapping map) {
    Map<String, Object> data = new LinkedHashMap<>((Map<String, Object>) map.data());
    if (map.get("percent") instanceof Node.Scalar percent
        && percent.value() instanceof String text
        && text.endsWith("%")) {
      BigDecimal number = number(text.substring(0, text.length() - 1));
      data.put("percent", number == null ? text : plain(number));
    }
    data.values().removeIf(Objects::isNull);
    return data;
  }

  private static Object plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() <= 0 ? (Object) stripped.longValue() : stripped;
  }

  private FlowRoutes.Trial canary(Node.Mapping map, String stable) {
    only(map, "a canary", List.of("version", "percent", "key", "goal", "rollback"));
    String version = version(map, "version");
    if (map.get("version") == null) {
      problems.error(
          Code.MISSING_KEY, map.spot(), "a canary needs the key 'version'", "version: 1.1.0");
    } else if (version != null && version.equals(stable)) {
      wrong(
          Code.CONTRADICTION,
          map.get("version").spot(),
          "the canary is the stable version itself, " + version);
    }
    percent(map);
    key(map.get("key"));
    String goal = goal(map.get("goal"), Stream.of(stable, version).filter(Objects::nonNull));
    Guard guard = guard(map.get("rollback"));
    return new FlowRoutes.Trial(version, goal, guard.errorRate, guard.minRuns);
  }

  private record Guard(BigDecimal errorRate, Integer minRuns) {
    static final Guard NONE = new Guard(null, null);
  }

  private void only(Node.Mapping map, String what, List<String> keys) {
    List<String> free = new ArrayList<>(keys);
    free.removeAll(map.entries().keySet());
    map.entries()
        .forEach(
            (key, entry) -> {
              if (!keys.contains(key)) {
                problems.error(
                    Code.UNKNOWN_KEY,
                    entry.spot(),
                    what + " has no key '" + key + "'",
                    Nearest.hint(key, free));
              }
            });
  }

  /** A published version that the flow has; null if it is null or wrong. */
  private String version(Node.Mapping map, String key) {
    Node node = map.get(key);
    if (node == null || (node instanceof Node.Scalar none && none.value() == null)) {
      return null;
    }
    // 1.10 without quotes is a number to YAML, and no version either.
    String text = node instanceof Node.Scalar scalar ? String.valueOf(scalar.value()) : "";
    if (text.isEmpty()) {
      wrong(Code.WRONG_TYPE, node.spot(), "a version must be a text, not " + node.described());
    } else if (plans.apply(text) == null) {
      wrong(Code.BAD_VALUE, node.spot(), "the flow " + flow + " has no version " + text);
    } else {
      return text;
    }
    return null;
  }

  private void percent(Node.Mapping map) {
    Node node = map.get("percent");
    if (node == null) {
      problems.error(
          Code.MISSING_KEY, map.spot(), "a canary needs the key 'percent'", "percent: 10");
      return;
    }
    BigDecimal percent = node instanceof Node.Scalar scalar ? percentOf(scalar.value()) : null;
    boolean fits =
        percent != null
            && percent.signum() >= 0
            && percent.compareTo(HUNDRED) <= 0
            && percent.stripTrailingZeros().scale() <= 2;
    if (!fits) {
      problems.error(
          Code.BAD_VALUE,
          node.spot(),
          "percent must be a number from 0 to 100 with at most two places, not " + node.described(),
          "percent: 10");
    }
  }

  /** {@code 10}, {@code 10.5} or {@code 10%}; null for anything else. */
  private static BigDecimal percentOf(Object value) {
    return switch (value) {
      case Long whole -> BigDecimal.valueOf(whole);
      case BigDecimal number -> number;
      case String text when text.endsWith("%") -> number(text.substring(0, text.length() - 1));
      case null, default -> null;
    };
  }

  private static BigDecimal number(String text) {
    String stripped = text.strip();
    return stripped.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") ? new BigDecimal(stripped) : null;
  }

  private Expression expression(Node node, String what) {
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Scalar scalar && scalar.value() instanceof String text)) {
      wrong(
          Code.WRONG_TYPE,
          node.spot(),
          "the " + what + " must be an expression, not " + node.described());
      return null;
    }
    try {
      return Expression.parse(text);
    } catch (ExpressionException fault) {
      wrong(Code.EXPRESSION, scalar.at(Math.max(0, fault.offset())), fault.getMessage());
      return null;
    }
  }

  private void key(Node node) {
    Expression key = expression(node, "key");
    if (key == null) {
      return;
    }
    if (key.references().isEmpty()) {
      problems.error(
          Code.BAD_VALUE,
          node.spot(),
          "the key is the same for every start",
          "key: $input.customer");
    }
    for (Reference reference : key.references()) {
      if (!KEY_ROOTS.contains(reference.root())) {
        problems.error(
            Code.MISPLACED_REFERENCE,
            ((Node.Scalar) node).at(reference.offset()),
            "$" + reference.root() + " has no value yet when the version is chosen",
            "a key is made of $input and $trigger");
      }
    }
  }

  /** The goal's text, empty without one; what it names must be known to one of the versions. */
  private String goal(Node node, Stream<String> versions) {
    Expression goal = expression(node, "goal");
    if (goal == null) {
      return "";
    }
    if (goal.isNeverBoolean()) {
      wrong(Code.NOT_BOOLEAN, node.spot(), "a goal must be true or false");
    }
    List<Lookback> looks =
        versions
            .map(plans)
            .filter(Objects::nonNull)
            .map(plan -> new Lookback(plan, Execution.blank(NOBODY, "")))
            .toList();
    for (Reference reference : goal.references()) {
      if (!looks.isEmpty() && looks.stream().noneMatch(look -> look.knows(reference.root()))) {
        problems.error(
            Code.UNKNOWN_REFERENCE,
            ((Node.Scalar) node).at(reference.offset()),
            "$" + reference.root() + " is neither a step of these versions nor a root",
            looks.getLast().hint(reference.root()));
      }
    }
    return goal.text();
  }

  private Guard guard(Node node) {
    if (node == null || (node instanceof Node.Scalar none && none.value() == null)) {
      return Guard.NONE;
    }
    if (!(node instanceof Node.Mapping map)) {
      wrong(Code.WRONG_TYPE, node.spot(), "rollback must be a map, not " + node.described());
      return Guard.NONE;
    }
    only(map, "rollback", List.of("error_rate", "min_runs"));
    for (String key : List.of("error_rate", "min_runs")) {
      if (map.get(key) == null) {
        problems.error(
            Code.MISSING_KEY,
            map.spot(),
            "rollback needs the key '" + key + "'",
            "{error_rate: 5%, min_runs: 100}");
      }
    }
    return new Guard(errorRate(map.get("error_rate")), minRuns(map.get("min_runs")));
  }

  /** {@code 5%} or {@code 0.05}, as a part of one; all of them is no rate to exceed. */
  private BigDecimal errorRate(Node node) {
    if (node == null) {
      return null;
    }
    Object value = node instanceof Node.Scalar scalar ? scalar.value() : null;
    BigDecimal rate = percentOf(value);
    if (rate != null && value instanceof String) {
      rate = rate.movePointLeft(2);
    }
    if (rate == null || rate.signum() < 0 || rate.compareTo(BigDecimal.ONE) >= 0) {
      problems.error(
          Code.BAD_VALUE,
          node.spot(),
          "error_rate must be from 0% to below 100%, not " + node.described(),
          "error_rate: 5%");
      return null;
    }
    return rate;
  }

  private Integer minRuns(Node node) {
    if (node == null) {
      return null;
    }
    if (node instanceof Node.Scalar scalar
        && scalar.value() instanceof Long runs
        && runs > 0
        && runs <= RUNS_MAX) {
      return runs.intValue();
    }
    problems.error(
        Code.BAD_VALUE,
        node.spot(),
        "min_runs must be a whole number from 1, not " + node.described(),
        "min_runs: 100");
    return null;
  }

  private void wrong(Code code, Spot spot, String message) {
    problems.error(code, spot, message, "");
  }
}
