package io.orchestrator.execution;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Adds up a history from its first line. Where a later line restores an earlier state it is the
 * state that these lines added up to; what lies between the two need not be readable any more.
 */
public final class Folding {
  private final List<Line> lines;
  private final Companion companion;
  private final Set<Integer> wanted = new HashSet<>();
  private final Map<Integer, Execution> states = new HashMap<>();
  private final List<Rewind.Moment> moments = new ArrayList<>();
  private Execution execution;
  private RuntimeException broken;

  private Folding(Execution blank, List<Line> lines, Companion companion) {
    this.execution = blank;
    this.lines = lines;
    this.companion = companion;
  }

  /** One line as it is stored. */
  public record Line(int revision, Instant at, Notation.Written written) {}

  /**
   * What lines add up to.
   *
   * @param also revisions whose states are wanted, too
   */
  public static Folding of(UUID id, String tenant, List<Line> lines, Set<Integer> also) {
    return of(id, tenant, lines, also, (before, line, after) -> {});
  }

  /** Is told of each line, and what it was added to and came of it. */
  @FunctionalInterface
  public interface Companion {
    void line(Execution before, Transition line, Execution after);
  }

  /** The same with somebody who goes along. */
  public static Folding of(
      UUID id, String tenant, List<Line> lines, Set<Integer> also, Companion companion) {
    Folding folding = new Folding(Execution.blank(id, tenant), lines, companion);
    folding.wanted.addAll(also);
    folding.fold();
    return folding;
  }

  /** The execution as far as its history can be read. */
  public Execution execution() {
    return execution;
  }

  /** What it was at a revision that was wanted; null if that cannot be read. */
  public Execution at(int revision) {
    return states.get(revision);
  }

  /** The lines that can be read, in their order. */
  public List<Rewind.Moment> moments() {
    return moments;
  }

  /** Why it cannot be read to its end; null if it can. */
  public RuntimeException broken() {
    return broken;
  }

  private void fold() {
    lines.stream().filter(Folding::restores).forEach(line -> wanted.add(targetOf(line)));
    int next = 0;
    while (next < lines.size()) {
      try {
        take(lines.get(next));
        next++;
      } catch (RuntimeException unreadable) { // whatever is in there
        boolean gap = lines.get(next).revision() != execution.revision() + 1;
        next = restoredFrom(gap ? next : next + 1);
        if (next < 0) {
          broken = unreadable;
          return;
        }
        execution = execution.at(lines.get(next).revision() - 1);
      }
    }
  }

  private static boolean restores(Line line) {
    return line.written().event().equals(RepairNotation.RETRIED)
        || line.written().event().equals(RepairNotation.ROLLED_BACK);
  }

  private static int target(Transition transition) {
    return transition.change() instanceof Change.Repair.Restored restored ? restored.revision() : 0;
  }

  private void take(Line line) {
    if (line.revision() != execution.revision() + 1) {
      throw new IllegalStateException(
          execution.id() + " has line " + line.revision() + " after " + execution.revision());
    }
    Transition transition = Notation.read(line.written());
    Transition known =
        transition.change() instanceof Change.Repair.Restored restored
            ? transition.with(restored.with(states.get(restored.revision())))
            : transition;
    Execution before = execution;
    execution = before.after(known, line.at());
    companion.line(before, transition, execution);
    moments.add(new Rewind.Moment(line.revision(), line.at(), transition));
    if (wanted.contains(line.revision())) {
      states.put(line.revision(), execution);
    }
  }

  /** The next line from which it can be read again; -1 if there is none. */
  private int restoredFrom(int first) {
    for (int i = first; i < lines.size(); i++) {
      if (restores(lines.get(i)) && states.containsKey(targetOf(lines.get(i)))) {
        return i;
      }
    }
    return -1;
  }

  /** Which revision a line restores; 0 if it cannot be read. */
  private static int targetOf(Line line) {
    try {
      return target(Notation.read(line.written()));
    } catch (IllegalStateException unreadable) {
      return 0;
    }
  }
}
