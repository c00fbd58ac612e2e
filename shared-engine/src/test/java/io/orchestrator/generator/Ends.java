package io.orchestrator.generator;

import java.util.List;
import java.util.Map;

/** Whether a step, as a tree, can never be followed by another. */
final class Ends {
  private Ends() {}

  static boolean always(Object step) {
    Map<?, ?> body = (Map<?, ?>) ((Map<?, ?>) step).values().iterator().next();
    boolean maybe = body.containsKey("when") || body.containsKey("disabled");
    return !maybe && !recovers(body.get("on_error")) && kind(body);
  }

  private static boolean kind(Map<?, ?> body) {
    boolean ends = body.containsKey("return") || body.containsKey("raise");
    boolean both = any(body.get("then")) && any(body.get("else"));
    return ends || both || any(body.get("do"));
  }

  private static boolean any(Object block) {
    return block instanceof List<?> steps && steps.stream().anyMatch(Ends::always);
  }

  private static boolean recovers(Object handlers) {
    return switch (handlers) {
      case Map<?, ?> clause -> "continue".equals(clause.get("then"));
      case List<?> clauses -> clauses.stream().anyMatch(Ends::recovers);
      case null, default -> false;
    };
  }
}
