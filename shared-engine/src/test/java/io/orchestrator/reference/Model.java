package io.orchestrator.reference;

import io.orchestrator.flow.Plan;
import java.util.List;
import java.util.TreeSet;

/**
 * What a flow may come to in a given world.
 *
 * @param outcomes every way in which it may end; null if the model cannot say
 */
public record Model(List<Outcome> outcomes) {
  private static final int OUTCOMES_MAX = 256;

  /** The model of one execution. */
  public static Model of(Plan plan, Nature nature) {
    return new Model(Interpreter.outcomes(plan, nature, OUTCOMES_MAX));
  }

  /** Whether anything can be said. */
  public boolean speaks() {
    return outcomes != null;
  }

  /** Why the observed is none of the outcomes; null if it is one. */
  public String objection(Observed seen) {
    if (outcomes == null) {
      return null;
    }
    TreeSet<String> differences = new TreeSet<>();
    for (Outcome outcome : outcomes) {
      String difference = outcome.difference(seen);
      if (difference == null) {
        return null;
      }
      differences.add(difference);
    }
    return String.join("; or ", differences);
  }
}
