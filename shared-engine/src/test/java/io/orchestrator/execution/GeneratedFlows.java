package io.orchestrator.execution;

import java.util.SplittableRandom;

/** Flows that seeds decide, for the tests of other packages. */
public final class GeneratedFlows {
  private GeneratedFlows() {}

  /** The text of a flow, the same for the same seed. */
  public static String text(long seed) {
    return RandomFlow.text(new SplittableRandom(seed));
  }
}
