package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a text, so that all of it is told at once. */
public final class Problems {
  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /**
   * Adds what keeps the text from being published. The same thing at the same place counts once.
   */
  public void error(Code code, Spot spot, String message, String hint) {
    add(errors, problem(code, spot, message, hint));
  }

  /** Adds what may be a mistake. */
  public void warning(Code code, Spot spot, String message, String hint) {
    add(warnings, problem(code, spot, message, hint));
  }

  /** The errors in the order of the text. */
  public List<Problem> errors() {
    return errors.stream().sorted(BY_PLACE).toList();
  }

  /** The warnings in the order of the text. */
  public List<Problem> warnings() {
    return warnings.stream().sorted(BY_PLACE).toList();
  }

  /** Whether nothing keeps the text from being published. */
  public boolean none() {
    return errors.isEmpty();
  }

  private static void add(List<Problem> list, Problem problem) {
    if (!list.contains(problem)) {
      list.add(problem);
    }
  }

  private static Problem problem(Code code, Spot spot, String message, String hint) {
    return new Problem(code.text(), spot.pointer(), spot.line(), spot.column(), message, hint);
  }
}
