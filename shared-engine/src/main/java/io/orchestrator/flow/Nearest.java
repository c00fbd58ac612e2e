package io.orchestrator.flow;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what an author probably meant. */
public final class Nearest {
  private Nearest() {}

  /** {@code did you mean 'x'?}, empty if nothing is near. */
  public static String hint(String word, Collection<String> known) {
    List<String> near = of(word, known);
    return near.isEmpty() ? "" : "did you mean '" + String.join("' or '", near) + "'?";
  }

  /** At most three known words that are near, the nearest first. */
  static List<String> of(String word, Collection<String> known) {
    int far = Math.max(1, Math.min(word.length(), 12) / 3);
    return known.stream()
        .distinct()
        .filter(other -> distance(word, other, far) <= far)
        .sorted(
            Comparator.<String>comparingInt(other -> distance(word, other, far))
                .thenComparing(other -> other))
        .limit(3)
        .toList();
  }

  /**
   * Edits from one to the other, a swap of neighbours counting as one; more than {@code max} if
   * they are too many.
   */
  private static int distance(String a, String b, int max) {
    if (Math.abs(a.length() - b.length()) > max) {
      return max + 1;
    }
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length()];
  }
}
