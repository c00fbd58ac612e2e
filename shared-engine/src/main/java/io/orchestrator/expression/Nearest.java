package io.orchestrator.expression;

import java.util.Collection;

/** Finds the name that the author may have meant. */
final class Nearest {
  private static final int EDITS_MAX = 2;
  private static final int FIELDS_SHOWN_MAX = 12;

  private Nearest() {}

  /** The known function closest to the name, null if none is close. */
  static String function(String name) {
    String nearest = null;
    int least = EDITS_MAX + 1;
    for (Function function : Function.values()) {
      int edits = edits(name, function.text());
      if (edits < least && edits < name.length()) {
        least = edits;
        nearest = function.text();
      }
    }
    return nearest;
  }

  /** Which of the fields was probably meant, or which there are; empty if there are none. */
  static String field(String name, Collection<String> fields) {
    String nearest = null;
    int least = EDITS_MAX + 1;
    for (String field : fields) {
      int edits = edits(name, field);
      if (edits < least && edits < Math.max(name.length(), 2)) {
        least = edits;
        nearest = field;
      }
    }
    if (nearest != null) {
      return "did you mean '" + nearest + "'?";
    }
    return fields.isEmpty() || fields.size() > FIELDS_SHOWN_MAX
        ? ""
        : "it has " + String.join(", ", fields);
  }

  /**
   * How many letters must be added, dropped or changed to make one name of the other; case does not
   * count.
   */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        int changed = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
