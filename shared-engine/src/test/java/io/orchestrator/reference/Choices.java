package io.orchestrator.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where order is free, one of several ways is taken; run again and again, all of them are. */
final class Choices {
  private final List<Integer> taken = new ArrayList<>();
  private final List<Integer> ways = new ArrayList<>();
  private int at;

  /** Runs something once for each combination of its choices; false if there are more than that. */
  static boolean all(int most, Consumer<Choices> run) {
    Choices choices = new Choices();
    for (int i = 0; i < most; i++) {
      choices.at = 0;
      run.accept(choices);
      if (!choices.next()) {
        return true;
      }
    }
    return false;
  }

  /** One of so many ways, from 0. */
  int of(int count) {
    if (count == 1) {
      return 0;
    }
    if (at == taken.size()) {
      taken.add(0);
      ways.add(count);
    }
    return taken.get(at++);
  }

  /** Whether something may or may not be; no choice if only one of both can. */
  boolean whether(boolean canBe, boolean canNotBe) {
    return canBe && (!canNotBe || of(2) == 1);
  }

  private boolean next() {
    for (int last = taken.size() - 1; last >= 0; last--) {
      if (taken.get(last) + 1 < ways.get(last)) {
        taken.set(last, taken.get(last) + 1);
        return true;
      }
      taken.removeLast();
      ways.removeLast();
    }
    return false;
  }
}
