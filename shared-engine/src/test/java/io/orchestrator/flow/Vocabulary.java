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

  /** What expressions can name beside steps. */
  public static List<String> roots() {
    return Words.ROOTS;
  }

  /** The types of errors that the product itself makes. */
  public static List<String> errorTypes() {
    return Words.ERROR_TYPES;
  }
}
