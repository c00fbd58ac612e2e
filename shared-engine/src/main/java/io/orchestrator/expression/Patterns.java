package io.orchestrator.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions in linear time: RE2 syntax, found anywhere in the text unless anchored. */
final class Patterns {
  private static final int STEPS_AN_OPERATION = 65_536;

  private Patterns() {}

  static Pattern compile(String regex, int offset) {
    if (regex.length() > Limits.PATTERN_CHARACTERS_MAX) {
      throw new ExpressionException(
          "the pattern has more than " + Limits.PATTERN_CHARACTERS_MAX + " characters", offset);
    }
    if (new Repetitions(regex).size() > Limits.PATTERN_PROGRAM_MAX) {
      throw new ExpressionException("the pattern's repetitions make it too large", offset);
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new ExpressionException("the pattern is not RE2 syntax: " + e.getDescription(), offset);
    }
  }

  static boolean matches(Pattern pattern, String text, Evaluation e) {
    long steps = (long) text.length() * new Repetitions(pattern.pattern()).size();
    e.count(steps / STEPS_AN_OPERATION);
    return pattern.matcher(text).find();
  }

  /**
   * How large a pattern is once its counted repetitions are written out, which RE2 does before it
   * runs.
   */
  private static final class Repetitions {
    private final String regex;
    private int at;

    Repetitions(String regex) {
      this.regex = regex;
    }

    long size() {
      long size = 0;
      while (at < regex.length()) {
        size += group(0);
        at++;
      }
      return size;
    }

    /** The size up to the parenthesis that closes this group or to the end. */
    private long group(int depth) {
      long size = 0;
      while (at < regex.length() && regex.charAt(at) != ')') {
        long atom = atom(depth);
        size = Math.min(size + atom * repeated(), Integer.MAX_VALUE);
      }
      return size;
    }

    private long atom(int depth) {
      char c = regex.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        skipClass();
      } else if (c == '(') {
        long inner = depth < Limits.EXPRESSION_DEPTH_MAX ? group(depth + 1) : Integer.MAX_VALUE;
        at++;
        return inner + 2;
      }
      return 1;
    }

    private void skipClass() {
      at += at < regex.length() && regex.charAt(at) == '^' ? 2 : 1;
      while (at < regex.length() && regex.charAt(at) != ']') {
        at += regex.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
    }

    /** The product of the repetitions that follow. */
    private long repeated() {
      long factor = 1;
      while (at < regex.length() && regex.charAt(at) == '{') {
        int close = regex.indexOf('}', at);
        if (close < 0) {
          return factor;
        }
        factor = Math.min(factor * largest(regex.substring(at + 1, close)), Integer.MAX_VALUE);
        at = close + 1;
      }
      return factor;
    }

    private static long largest(String range) {
      long largest = 1;
      long number = 0;
      for (int i = 0; i < range.length(); i++) {
        char c = range.charAt(i);
        number = c >= '0' && c <= '9' ? Math.min(number * 10 + (c - '0'), Integer.MAX_VALUE) : 0;
        largest = Math.max(largest, number);
      }
      return largest;
    }
  }
}
