package io.orchestrator.execution;

import java.util.HashSet;
import java.util.Set;

/**
 * Ids of what an execution has heard. Immutable; one more is joined only with those sets that are
 * no larger, so that n of them cost n log n in all.
 */
final class Heard {
  static final Heard NOTHING = new Heard(Set.of(), null);

  private final Set<String> some;
  private final Heard rest;

  private Heard(Set<String> some, Heard rest) {
    this.some = some;
    this.rest = rest;
  }

  Heard with(String id) {
    Set<String> joined = new HashSet<>();
    joined.add(id);
    Heard left = this;
    while (left != null && left.some.size() <= joined.size()) {
      joined.addAll(left.some);
      left = left.rest;
    }
    return new Heard(joined, left);
  }

  boolean contains(String id) {
    for (Heard one = this; one != null; one = one.rest) {
      if (one.some.contains(id)) {
        return true;
      }
    }
    return false;
  }
}
