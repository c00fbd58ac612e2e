package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.util.List;

/** What runs after a failure: the first clause that catches it. */
public record Handlers(List<Clause> clauses) {
  /** No handlers. */
  public static final Handlers NONE = new Handlers(List.of());

  /**
   * One clause.
   *
   * @param types globs over error types; empty catches every one
   * @param when null: always
   */
  public record Clause(List<String> types, Expression when, List<Step> steps, Then then) {}

  /** How it goes on when the handlers have run. */
  public enum Then {
    FAIL,
    CONTINUE,
    RETRY,
    /** What ran is undone and the execution ends, whatever contains the step. */
    COMPENSATE
  }

  public boolean isEmpty() {
    return clauses.isEmpty();
  }
}
