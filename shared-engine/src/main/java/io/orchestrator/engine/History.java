package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Transition;
import io.orchestrator.execution.Witness;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds a stored history into the execution that it adds up to. */
public final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private History() {}

  /**
   * The execution.
   *
   * @throws UntrustedState when the history has a gap or does not add up to the head row
   */
  public static Execution fold(Stored stored) {
    return checked(fold(stored.id(), stored.tenant(), stored.history()), stored);
  }

  /**
   * The same of a history in which something may be sealed.
   *
   * @throws UntrustedState also when it cannot be opened
   */
  static Execution fold(Stored stored, Sealing sealing) {
    return checked(fold(stored.id(), stored.tenant(), stored.history(), sealing), stored);
  }

  /**
   * The same from what its first lines add up to.
   *
   * @param known how many those are
   */
  static Execution fold(Execution from, int known, Stored stored, Sealing sealing) {
    Execution execution = from;
    for (Stored.Line line : stored.history().subList(known, stored.history().size())) {
      execution = after(execution, sealing.opened(stored.id(), line));
    }
    return checked(execution, stored);
  }

  /** The execution with what is masked covered: for somebody who looks, never to go on. */
  public static Execution shown(Stored stored) {
    return checked(fold(stored.id(), stored.tenant(), shown(stored.history())), stored);
  }

  /** Lets somebody go along with a history, with what is masked covered. */
  public static void shown(Stored stored, Witness witness) {
    Execution execution = Execution.blank(stored.id(), stored.tenant());
    for (Stored.Line line : shown(stored.history())) {
      Execution before = execution;
      execution = after(before, line);
      witness.line(before, read(line), execution);
    }
    checked(execution, stored);
  }

  private static List<Stored.Line> shown(List<Stored.Line> history) {
    return history.stream().map(History::shown).toList();
  }

  /** A line with what is masked covered. */
  public static Stored.Line shown(Stored.Line line) {
    return Sealing.shown(line);
  }

  private static Execution checked(Execution execution, Stored stored) {
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
      execution = after(execution, line);
    }
    return execution;
  }

  static Execution fold(UUID id, String tenant, List<Stored.Line> history, Sealing sealing) {
    return fold(id, tenant, history.stream().map(line -> sealing.opened(id, line)).toList());
  }

  /**
   * What the lines up to the first broken one add up to; for somebody who looks, never to go on.
   */
  public static Execution readable(Stored stored) {
    Execution execution = Execution.blank(stored.id(), stored.tenant());
    try {
      for (Stored.Line line : shown(stored.history())) {
        execution = after(execution, line);
      }
    } catch (UntrustedState broken) {
      LOG.debug("{} can be read up to {}", stored.id(), execution.revision(), broken);
    }
    return execution;
  }

  private static Execution after(Execution execution, Stored.Line line) {
    if (line.revision() != execution.revision() + 1) {
      throw new UntrustedState(
          execution.id() + " has line " + line.revision() + " after " + execution.revision());
    }
    try {
      return execution.after(read(line), line.at());
    } catch (RuntimeException unreadable) { // whatever is in there, nobody may go on from it
      throw new UntrustedState(
          "line " + line.revision() + " of " + execution.id() + " cannot be read", unreadable);
    }
  }

  private static Transition read(Stored.Line line) {
    Duration delay = line.due() == null ? null : Duration.between(line.at(), line.due());
    return Notation.read(
        new Notation.Written(line.event(), line.step(), line.attempt(), line.data(), delay));
  }
}
