package io.orchestrator.execution;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.TimeSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a flow says of an execution from outside: the keys of its start, and what it is found by.
 */
public final class Starting {
  /** Characters of a search attribute's value; what is longer is cut. */
  public static final int VALUE_CHARS_MAX = 200;

  private static final UUID NOBODY = new UUID(0, 0);

  private Starting() {}

  /**
   * The text of a key of a start; null if the expression gives null.
   *
   * @throws ExpressionException when it cannot be evaluated
   */
  public static String key(
      Plan plan,
      Expression key,
      String tenant,
      Object input,
      Map<String, Object> trigger,
      Instant now) {
    Execution blank = Execution.blank(NOBODY, tenant);
    return text(key.evaluate(View.beforeStart(plan, blank, input, trigger, now)));
  }

  /**
   * How long the key of a start counts.
   *
   * @throws ExpressionException when it cannot be evaluated, or is no time at all
   */
  public static Duration ttl(
      Plan plan,
      TimeSpan ttl,
      String tenant,
      Object input,
      Map<String, Object> trigger,
      Instant now) {
    Execution blank = Execution.blank(NOBODY, tenant);
    Duration length = Spans.length(ttl, View.beforeStart(plan, blank, input, trigger, now), now);
    if (!length.isPositive()) {
      throw new ExpressionException("it must be longer than nothing", -1);
    }
    return length;
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      default -> Json.canonical(value);
    };
  }

  /** The search attributes as the execution stands; empty for one without a value. */
  static Map<String, String> attributes(Plan plan, Execution execution, Instant now) {
    Map<String, String> attributes = new TreeMap<>();
    Scope scope = new View(plan, execution, now).ofFlow();
    plan.terms()
        .search()
        .forEach((name, expression) -> attributes.put(name, attribute(expression, scope)));
    return attributes;
  }

  private static String attribute(Expression expression, Scope scope) {
    try {
      String text = text(expression.evaluate(scope));
      return text == null
          ? ""
          : text.substring(
              0,
              text.offsetByCodePoints(
                  0, Math.min(VALUE_CHARS_MAX, text.codePointCount(0, text.length()))));
    } catch (ExpressionException e) {
      return ""; // what it is made of is not there yet, or is of another kind
    }
  }

  /** The search attributes that have changed since the other state. */
  public static Map<String, String> changedAttributes(
      Plan plan, Execution before, Execution after, Instant now) {
    if (plan.terms().search().isEmpty()) {
      return Map.of();
    }
    Map<String, String> changed = new LinkedHashMap<>(attributes(plan, after, now));
    if (before.revision() == 0) {
      changed.values().removeIf(String::isEmpty);
    } else {
      attributes(plan, before, now).forEach(changed::remove);
    }
    return changed;
  }
}
