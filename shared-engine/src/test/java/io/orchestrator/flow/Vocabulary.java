package io.orchestrator.flow;

import java.util.List;
import java.util.TreeSet;

/** The language's own lists of words, for tests outside of its package. */
public final class Vocabulary {
  private Vocabulary() {}

  /** Every kind of the language. */
  public static List<String> kinds() {
    return List.copyOf(new TreeSet<>(Words.KINDS));
  }

  /** Whether flows with steps of that kind can be run. */
  public static boolean isSupported(String kind) {
    Problems problems = new Problems();
    String text = "flow: a\nsteps:\n  - x: {" + kind + ": y}\n";
    FlowReader.read(Document.read(text, problems), problems);
    return problems.errors().stream()
        .noneMatch(problem -> problem.code().equals(Code.UNSUPPORTED.text()));
  }

  /** What expressions can name beside steps. */
  public static List<String> roots() {
    return Words.ROOTS;
  }

  /** The types of errors that the product itself makes. */
  public static List<String> errorTypes() {
    return Words.ERROR_TYPES;
  }
}
