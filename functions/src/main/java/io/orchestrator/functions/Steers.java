package io.orchestrator.functions;

import io.orchestrator.execution.Raise;
import io.orchestrator.flow.Problem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What the bodies say with which an execution is cancelled, paused or resumed. */
final class Steers {
  private static final List<String> BUDGET = List.of("steps", "transitions", "tokens", "cost");

  private Steers() {}

  static String reason(Map<String, Object> body) {
    Object reason = body.getOrDefault("reason", "");
    if (!(reason instanceof String text) || text.length() > Limits.REASON_CHARS_MAX) {
      throw Refusal.invalid(
          "wrong_type",
          "The reason must be a text of at most " + Limits.REASON_CHARS_MAX + " characters",
          "");
    }
    return text;
  }

  static boolean flag(Map<String, Object> body, String name) {
    if (body.getOrDefault(name, false) instanceof Boolean flag) {
      return flag;
    }
    throw wrong("/" + name, "'" + name + "' must be true or false");
  }

  /** What an execution may use up from now on. */
  static Raise raise(Map<String, Object> body) {
    if (!body.containsKey("budget")) {
      return Raise.NONE;
    }
    if (!(body.get("budget") instanceof Map<?, ?> budget)) {
      throw wrong("/budget", "'budget' must be an object");
    }
    for (Object key : budget.keySet()) {
      if (!BUDGET.contains(key)) {
        throw Refusal.invalid(
            List.of(
                new Problem(
                    "unknown_field",
                    "/budget/" + key,
                    0,
                    0,
                    "There is no field '" + key + "' here",
                    "the fields are " + String.join(", ", BUDGET))));
      }
    }
    return new Raise(
        count(budget, "steps"),
        count(budget, "transitions"),
        count(budget, "tokens"),
        cost(budget));
  }

  private static Long count(Map<?, ?> budget, String name) {
    if (!budget.containsKey(name)) {
      return null;
    }
    if (budget.get(name) instanceof Long number && number > 0) {
      return number;
    }
    throw wrong("/budget/" + name, "'" + name + "' must be a whole number from 1");
  }

  private static BigDecimal cost(Map<?, ?> budget) {
    if (!budget.containsKey("cost")) {
      return null;
    }
    BigDecimal cost =
        switch (budget.get("cost")) {
          case Long whole -> BigDecimal.valueOf(whole);
          case BigDecimal number -> number;
          case null, default -> BigDecimal.ZERO;
        };
    if (cost.signum() <= 0) {
      throw wrong("/budget/cost", "'cost' must be a number above 0");
    }
    return cost;
  }

  private static Refusal wrong(String path, String message) {
    return Refusal.invalid(List.of(new Problem("wrong_type", path, 0, 0, message, "")));
  }
}
