package io.orchestrator.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** The difference of two lists, line by line. */
final class Lists {
  private static final int CELLS_MAX = 1_000_000;

  private Lists() {}

  /**
   * A difference.
   *
   * @param lines each begins with two blanks, {@code - } for what is missing or {@code + } for what
   *     is more
   * @param firstMore the first line that is more, without its sign; empty without
   */
  record Diff(List<String> lines, String firstMore) {}

  static <A, B> Diff diff(
      List<A> wanted,
      List<B> actual,
      BiPredicate<A, B> same,
      Function<A, String> ofWanted,
      Function<B, String> ofActual) {
    int[][] common = common(wanted, actual, same);
    List<String> lines = new ArrayList<>();
    String more = "";
    int i = 0;
    int j = 0;
    while (i < wanted.size() || j < actual.size()) {
      if (i < wanted.size() && j < actual.size() && same.test(wanted.get(i), actual.get(j))) {
        lines.add("  " + ofActual.apply(actual.get(j)));
        i++;
        j++;
      } else if (j == actual.size()
          || (i < wanted.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add("- " + ofWanted.apply(wanted.get(i)));
        i++;
      } else {
        more = more.isEmpty() ? ofActual.apply(actual.get(j)) : more;
        lines.add("+ " + ofActual.apply(actual.get(j)));
        j++;
      }
    }
    return new Diff(lines, more);
  }

  /** How long the longest common part of the rests is; all zero where that would cost too much. */
  private static <A, B> int[][] common(List<A> wanted, List<B> actual, BiPredicate<A, B> same) {
    int[][] common = new int[wanted.size() + 1][actual.size() + 1];
    if ((long) wanted.size() * actual.size() > CELLS_MAX) {
      return common;
    }
    for (int i = wanted.size() - 1; i >= 0; i--) {
      for (int j = actual.size() - 1; j >= 0; j--) {
        common[i][j] =
            same.test(wanted.get(i), actual.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
