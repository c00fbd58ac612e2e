package io.orchestrator.reference;

import io.orchestrator.flow.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a flow may come to in a given world.
 *
 * @param outcomes every way in which it may end; null if the model cannot say
 * @param silence why it cannot; null if it can
 */
public record Model(List<Outcome> outcomes, String silence) {
  private static final int OUTCOMES_MAX = 512;

  /** The model of one execution. */
  public static Model of(Plan plan, Nature nature) {
    List<Outcome> all = new ArrayList<>();
    try {
      boolean complete =
          Choices.all(
              OUTCOMES_MAX,
              choices -> all.add(new Interpreter(plan, nature, choices).run().outcome()));
      return complete
          ? new Model(List.copyOf(all), null)
          : new Model(null, "more than " + OUTCOMES_MAX + " ways");
    } catch (Undetermined free) {
      return new Model(null, free.getMessage());
    }
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
