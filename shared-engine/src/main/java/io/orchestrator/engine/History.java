package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Notation;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Folds a stored history into the execution that it adds up to. */
public final class History {
  private History() {}

  /**
   * The execution.
   *
   * @throws UntrustedState when the history has a gap or does not add up to the head row
   */
  public static Execution fold(Stored stored) {
    Execution execution = fold(stored.id(), stored.tenant(), stored.history());
    if (execution.revision() != stored.revision()
        || !execution.status().text().equals(stored.status())
        || !execution.frontier().equals(stored.state())) {
      throw new UntrustedState(
          "the history of "
              + stored.id()
              + " adds up to revision "
              + execution.revision()
              + " "
              + execution.status().text()
              + " "
              + execution.frontier()
              + ", the head row says "
              + stored.revision()
              + " "
              + stored.status()
              + " "
              + stored.state());
    }
    return execution;
  }

  /** What these lines add up to. */
  static Execution fold(UUID id, String tenant, List<Stored.Line> history) {
    Execution execution = Execution.blank(id, tenant);
    for (Stored.Line line : history) {
      if (line.revision() != execution.revision() + 1) {
        throw new UntrustedState(
            id + " has line " + line.revision() + " after " + execution.revision());
      }
      Duration delay = line.due() == null ? null : Duration.between(line.at(), line.due());
      Notation.Written written =
          new Notation.Written(line.event(), line.step(), line.attempt(), line.data(), delay);
      execution = execution.after(Notation.read(written), line.at());
    }
    return execution;
  }
}
