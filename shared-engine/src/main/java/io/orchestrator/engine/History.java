package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Folding;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Transition;
import io.orchestrator.execution.Witness;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
    List<Stored.Line> more = stored.history().subList(known, stored.history().size());
    if (more.stream().anyMatch(History::restores)) {
      return fold(stored, sealing); // what it was then is not known any more
    }
    Execution execution = from;
    for (Stored.Line line : more) {
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
    List<Folding.Line> lines =
        shown(stored.history()).stream().map(History::line).toList();
    Folding folding =
        Folding.of(stored.id(), stored.tenant(), lines, Set.of(), witness::line);
    checked(folding.execution(), stored);
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
    Folding folding = folding(id, tenant, history, Set.of());
    if (folding.broken() != null) {
      throw new UntrustedState(
          "line "
              + (folding.execution().revision() + 1)
              + " of "
              + id
              + " cannot be read: "
              + folding.broken().getMessage(),
          folding.broken());
    }
    return folding.execution();
  }

  /**
   * The same of what may be broken, with states that it had before.
   *
   * @param also revisions of such states
   */
  static Folding folding(UUID id, String tenant, List<Stored.Line> history, Set<Integer> also) {
    return Folding.of(id, tenant, history.stream().map(History::line).toList(), also);
  }

  private static Folding.Line line(Stored.Line line) {
    return new Folding.Line(line.revision(), line.at(), written(line));
  }

  private static boolean restores(Stored.Line line) {
    return line.event().equals("execution_retried") || line.event().equals("execution_rolled_back");
  }

  private static Notation.Written written(Stored.Line line) {
    Duration delay = line.due() == null ? null : Duration.between(line.at(), line.due());
    return new Notation.Written(line.event(), line.step(), line.attempt(), line.data(), delay);
  }

  static Execution fold(UUID id, String tenant, List<Stored.Line> history, Sealing sealing) {
    return fold(id, tenant, history.stream().map(line -> sealing.opened(id, line)).toList());
  }

  /**
   * What the lines up to the first broken one add up to; for somebody who looks, never to go on.
   */
  public static Execution readable(Stored stored) {
    Folding folding =
        folding(stored.id(), stored.tenant(), shown(stored.history()), Set.of());
    if (folding.broken() != null) {
      LOG.debug(
          "{} can be read up to {}",
          stored.id(),
          folding.execution().revision(),
          folding.broken());
    }
    return folding.execution();
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
    return Notation.read(written(line));
  }
}
