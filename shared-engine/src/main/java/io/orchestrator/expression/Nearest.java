package io.orchestrator.expression;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what an author probably meant. */
public final class Nearest {
  private static final int FIELDS_SHOWN_MAX = 12;

  private Nearest() {}

  /** {@code did you mean 'x'?}, empty if nothing is near. */
  public static String hint(String word, Collection<String> known) {
    List<String> near = of(word, known);
    return near.isEmpty() ? "" : "did you mean '" + String.join("' or '", near) + "'?";
  }

  /** Which of the fields was probably meant, or which there are; empty if there are none. */
  static String field(String name, Collection<String> fields) {
    String near = hint(name, fields);
    return !near.isEmpty() || fields.isEmpty() || fields.size() > FIELDS_SHOWN_MAX
        ? near
        : "it has " + String.join(", ", fields);
  }

  /** The known function closest to the name, null if none is close. */
  static String function(String name) {
    List<String> near = of(name, Arrays.stream(Function.values()).map(Function::text).toList());
    return near.isEmpty() ? null : near.getFirst();
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
   * they are too many. Case does not count.
   */
  private static int distance(String one, String other, int max) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
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
