package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.MaskRules;
import io.orchestrator.execution.Masked;
import io.orchestrator.execution.Notation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which executions hold something that the rules of the deployment cover. Most hold nothing, and
 * pay one look at what each line adds; what an execution held before is looked at once a process.
 * Safe for threads.
 */
final class Concerned {
  private static final int KEPT_MAX = 10_000;

  private final MaskRules rules;
  private final Map<UUID, Boolean> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
          return size() > KEPT_MAX;
        }
      };

  Concerned(MaskRules rules) {
    this.rules = rules;
  }

  MaskRules rules() {
    return rules;
  }

  /** Whether anything is to be covered in these lines, or was in those before. */
  boolean is(Execution base, List<Notation.Written> lines) {
    if (rules.isEmpty()) {
      return false;
    }
    boolean before = before(base);
    if (before) {
      return true;
    }
    for (Notation.Written line : lines) {
      if (rules.mayConcern(line.data())) {
        note(base.id(), true);
        return true;
      }
    }
    return false;
  }

  private boolean before(Execution base) {
    synchronized (known) {
      Boolean was = known.get(base.id());
      if (was != null) {
        return was;
      }
    }
    boolean is = Masked.concerns(rules, base);
    note(base.id(), is);
    return is;
  }

  private void note(UUID id, boolean is) {
    synchronized (known) {
      known.put(id, is);
    }
  }
}
