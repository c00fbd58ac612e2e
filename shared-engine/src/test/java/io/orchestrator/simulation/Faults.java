package io.orchestrator.simulation;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What goes wrong in a world.
 *
 * @param crashAt the process that makes the port call with this number (from 1) dies before it; 0:
 *     none does
 * @param chance decides everything else; null: nothing else goes wrong
 * @param runAhead whether processes go on by themselves
 */
record Faults(int crashAt, SplittableRandom chance, boolean runAhead) {
  /** Nothing goes wrong. */
  static Faults none(boolean runAhead) {
    return new Faults(0, null, runAhead);
  }

  /** One process is lost at that point. */
  static Faults crash(int at, boolean runAhead) {
    return new Faults(at, null, runAhead);
  }

  /** Everything goes wrong now and then. */
  static Faults rough(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    return new Faults(0, chance, chance.nextInt(4) > 0);
  }

  boolean isRough() {
    return chance != null;
  }

  /** Within that time an execution hears that nobody waits for it any more. */
  Duration patience() {
    boolean calm = crashAt == 0 && !isRough();
    return calm ? Duration.ofSeconds(5) : Duration.ofMinutes(isRough() ? 10 : 2);
  }

  boolean sometimes(int percent) {
    return chance != null && chance.nextInt(100) < percent;
  }

  /** From 0 on, less than that; 0 in a world without chance. */
  int upTo(int bound) {
    return chance == null ? 0 : chance.nextInt(bound);
  }
}
