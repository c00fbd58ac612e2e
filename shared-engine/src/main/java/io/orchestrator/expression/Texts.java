package io.orchestrator.expression;

/** Small facts about characters. */
final class Texts {
  private Texts() {}

  /** Whether every surrogate is half of a pair. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** A character as a message shows it: itself in quotes, or its code if it cannot be seen. */
  static String shown(int codePoint) {
    boolean visible =
        codePoint > ' ' && !Character.isISOControl(codePoint) && Character.isDefined(codePoint);
    boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return visible && !half && codePoint != 0xFEFF
        ? "'" + Character.toString(codePoint) + "'"
        : "the character " + String.format("U+%04X", codePoint);
  }

  /** Orders by code points, as UTF-8 bytes would. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // A surrogate stands for a character behind every other one, although its code is lower
        // than U+E000.
        return Character.isSurrogate(x) == Character.isSurrogate(y)
            ? x - y
            : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
