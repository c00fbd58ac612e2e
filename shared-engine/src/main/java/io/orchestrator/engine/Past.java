package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Folding;
import io.orchestrator.execution.Rewind;
import io.orchestrator.execution.Status;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An execution with all that its history can still say, also one whose history is broken.
 *
 * @param plan of the version that it has followed
 * @param execution as it stands; of one in quarantine, as far as it can be read
 * @param opened its history with what is masked in clear
 * @param attempts the highest of each step if some of the history cannot be read; else empty
 */
record Past(
    Stored stored,
    Plan plan,
    Execution execution,
    List<Stored.Line> opened,
    List<Rewind.Moment> moments,
    Map<String, Integer> attempts) {
  private static final String UNREADABLE = "unreadable";

  /**
   * What is known of a stored one.
   *
   * @throws UntrustedState when it contradicts itself and is not in quarantine yet, where it goes
   */
  static Past of(Parts parts, Stored stored) {
    Plan plan = parts.plan(stored);
    Sealing sealing = parts.commits().sealing();
    if (Status.of(stored.status()) != Status.QUARANTINED) {
      return of(stored, plan, trusted(parts, stored), sealing);
    }
    List<Stored.Line> opened = opened(stored, sealing);
    Folding folding = History.folding(stored.id(), stored.tenant(), opened, Set.of());
    int last = opened.isEmpty() ? 0 : opened.getLast().revision();
    Execution readable = folding.execution().at(Math.max(last, stored.revision()));
    return new Past(stored, plan, readable, opened, folding.moments(), attempts(stored));
  }

  private static Past of(Stored stored, Plan plan, Execution execution, Sealing sealing) {
    List<Stored.Line> opened = opened(stored, sealing);
    Folding folding = History.folding(stored.id(), stored.tenant(), opened, Set.of());
    return new Past(stored, plan, execution, opened, folding.moments(), Map.of());
  }

  private static Execution trusted(Parts parts, Stored stored) {
    try {
      return History.fold(stored, parts.commits().sealing());
    } catch (UntrustedState untrusted) {
      parts.quarantine(stored.id(), untrusted);
      throw untrusted;
    }
  }

  private static List<Stored.Line> opened(Stored stored, Sealing sealing) {
    List<Stored.Line> opened = new ArrayList<>();
    for (Stored.Line line : stored.history()) {
      opened.add(opened(stored, line, sealing));
    }
    return opened;
  }

  private static Stored.Line opened(Stored stored, Stored.Line line, Sealing sealing) {
    try {
      return sealing.opened(stored.id(), line);
    } catch (RuntimeException sealed) { // of another key, or no JSON at all: it cannot be read
      return new Stored.Line(line.revision(), line.at(), UNREADABLE, null, 0, "{}", null);
    }
  }

  private static Map<String, Integer> attempts(Stored stored) {
    Map<String, Integer> attempts = new HashMap<>();
    for (Stored.Line line : stored.history()) {
      if (line.step() != null && line.attempt() > 0) {
        attempts.merge(line.step(), line.attempt(), Math::max);
      }
    }
    return attempts;
  }

  boolean isQuarantined() {
    return Status.of(stored.status()) == Status.QUARANTINED;
  }

  /** What it was at a revision that its moments name. */
  Execution at(int revision) {
    return History.folding(stored.id(), stored.tenant(), opened, Set.of(revision)).at(revision);
  }
}
