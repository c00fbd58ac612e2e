package io.orchestrator.generator;

import java.util.List;
import java.util.SplittableRandom;

/** What a seed decides. */
record Dice(SplittableRandom random) {
  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** From 0 on, less than that. */
  int below(int bound) {
    return random.nextInt(bound);
  }
}
