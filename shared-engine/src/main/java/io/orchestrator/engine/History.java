package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Notation;
import io.orchestrator.store.Stored;
import java.time.Duration;

/** Folds a stored history into the execution that it adds up to. */
public final class History {
  private History() {}

  /**
   * The execution.
   *
   * @throws UntrustedState when the history has a gap or does not add up to the head row
   */
  public static Execution fold(Stored stored) {
    Execution execution = Execution.blank(stored.id(), stored.tenant());
    for (Stored.Line line : stored.history()) {
      if (line.revision() != execution.revision() + 1) {
        throw new UntrustedState(stored.id() + " has line " + line.revision() + " after " + execution.revision());
      }
      Duration delay = line.due() == null ? null : Duration.between(line.at(), line.due());
      Notation.Written written =
          new Notation.Written(line.event(), line.step(), line.attempt(), line.data(), delay);
      execution = execution.after(Notation.read(written), line.at());
    }
    if (execution.revision() != stored.revision()
        || !execution.status().text().equals(stored.status())
        || !execution.frontier().equals(stored.state())) {
      throw new UntrustedState(
          "the history of " + stored.id() + " adds up to revision " + execution.revision() + " "
              + execution.status().text() + " " + execution.frontier() + ", the head row says " + stored.revision()
              + " " + stored.status() + " " + stored.state());
    }
    return execution;
  }
}
