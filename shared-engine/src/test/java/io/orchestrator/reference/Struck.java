package io.orchestrator.reference;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.util.List;

/**
 * What is stopped from outside while it holds a group with a {@code finally} does that first. When,
 * and with which of its attempts, hangs on how far it had come: the model says only that anything
 * may have been done there, and goes on after it.
 */
final class Struck {
  /** Longer than anything takes that a generated flow does in any case. */
  private static final long LAST_MAX = Duration.ofDays(3).toMillis();

  private Struck() {}

  /** Notes that those groups may have been at work; false if there are none. */
  static boolean atWork(List<Step> block, Memory memory) {
    boolean open = false;
    for (Step step : block) {
      if (step.kind() instanceof Kind.Group group
          && !group.atEnd().isEmpty()
          && memory.wasStopped(step)) {
        group.atEnd().forEach(last -> memory.open.add(last.path()));
        open = true;
      }
      for (List<Step> inner : step.kind().blocks()) {
        open |= atWork(inner, memory);
      }
      for (var clause : step.common().onError().clauses()) {
        open |= atWork(clause.steps(), memory);
      }
    }
    if (open) {
      memory.now = new Memory.Time(memory.now.least(), memory.now.most() + LAST_MAX);
    }
    return open;
  }
}
