package io.orchestrator.execution;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What expressions can see of an execution when somebody looks back at it. What was masked or is a
 * secret is not in it: neither is ever stored.
 */
public final class Lookback {
  private static final List<String> ROOTS =
      List.of("input", "vars", "trigger", "execution", "flow", "output", "steps", "error");

  private final Plan plan;
  private final Execution execution;

  public Lookback(Plan plan, Execution execution) {
    this.plan = plan;
    this.execution = execution;
  }

  /** Everything that the execution has left; {@code now()} is when it started. */
  public Scope scope() {
    Instant at = execution.startedAt() == null ? Instant.EPOCH : execution.startedAt();
    return new View(plan, execution, at).ofFlow();
  }

  /** Whether {@code $name} can have a value here. */
  public boolean knows(String name) {
    return ROOTS.contains(name) || plan.named(name) != null;
  }

  /** What was probably meant by a name that is not known; empty if nothing is near. */
  public String hint(String name) {
    List<String> known = new ArrayList<>(ROOTS);
    known.addAll(plan.ids());
    return Nearest.hint(name, known);
  }
}
