package io.orchestrator.simulation;

import io.orchestrator.expression.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes the trees of a failing bundle smaller, as long as it goes on failing in the same way. */
final class Shrinking {
  private static final int TRIALS_MAX = 250;

  /** What is not small by then is told as it is. */
  private static final long NANOS_MAX = Duration.ofSeconds(40).toNanos();

  private final long seed;
  private final World.Breakage breakage;
  private final long begun = System.nanoTime();
  private int trials;

  Shrinking(long seed, World.Breakage breakage) {
    this.seed = seed;
    this.breakage = breakage;
  }

  /** The smallest that was found. */
  Map<String, Object> of(Map<String, Object> tree) {
    Map<String, Object> smallest = tree;
    boolean smaller = true;
    while (smaller && mayTry()) {
      smaller = false;
      for (int cut = 0; mayTry(); cut++) {
        Map<String, Object> copy = copy(smallest);
        if (!cut(copy, new int[] {cut})) {
          break;
        }
        if (fails(copy)) {
          smallest = copy;
          smaller = true;
          cut--;
        }
      }
    }
    return smallest;
  }

  private boolean mayTry() {
    return trials < TRIALS_MAX && inTime();
  }

  private boolean inTime() {
    return System.nanoTime() - begun < NANOS_MAX;
  }

  @SuppressWarnings("unchecked") // a tree is written as an object and read as one
  private static Map<String, Object> copy(Map<String, Object> tree) {
    return (Map<String, Object>) Json.read(Json.write(tree));
  }

  /** Removes the entry with that number, in order of the text; false if there are not so many. */
  private static boolean cut(Object node, int[] number) {
    switch (node) {
      case Map<?, ?> map -> {
        for (Object key : new ArrayList<>(map.keySet())) {
          if (number[0]-- == 0) {
            map.remove(key);
            return true;
          }
          if (cut(map.get(key), number)) {
            return true;
          }
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          if (number[0]-- == 0) {
            list.remove(i);
            return true;
          }
          if (cut(list.get(i), number)) {
            return true;
          }
        }
      }
      case null, default -> Objects.requireNonNull(number);
    }
    return false;
  }

  private boolean fails(Map<String, Object> tree) {
    trials++;
    try {
      var _ = Trial.of(seed, tree, breakage, this::inTime);
      return false;
    } catch (AssertionError wrong) {
      return !wrong.getMessage().startsWith(FlowText.INVALID);
    }
  }
}
