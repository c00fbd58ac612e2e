package io.orchestrator.flow;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Semantic versions (semver.org 2.0.0) as texts. */
final class Semver {
  private static final String NUMBER = "(0|[1-9][0-9]{0,8})";
  private static final String PART = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
  static final Pattern VERSION =
      Pattern.compile(
          NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-"
              + PART
              + "(?:\\."
              + PART
              + ")*)?"
              + "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");
  private static final Pattern SHORT =
      Pattern.compile("v?([0-9]{1,9})(?:\\.([0-9]{1,9}))?(?:\\.([0-9]{1,9}))?");

  static final int CHARACTERS_MAX = 64;

  private Semver() {}

  static boolean isVersion(String text) {
    return text.length() <= CHARACTERS_MAX && VERSION.matcher(text).matches();
  }

  /** The version that was probably meant, empty if that cannot be told. */
  static String meant(String text) {
    Matcher matcher = SHORT.matcher(text.strip());
    return matcher.matches()
        ? number(matcher.group(1)) + "." + number(matcher.group(2)) + "." + number(matcher.group(3))
        : "";
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
