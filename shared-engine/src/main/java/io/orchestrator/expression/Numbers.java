package io.orchestrator.expression;

import java.math.BigDecimal;

/** What a number may be: a {@link Long} if it is an integer that fits, a {@link BigDecimal} within the limits otherwise. */
final class Numbers {
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Numbers() {}

  /**
   * The number that a JSON number's text means.
   *
   * @throws ArithmeticException beyond the limits, with a message for the author
   */
  static Object parse(String text) {
    int point = -1;
    int exponentAt = text.length();
    int significant = 0;
    int written = 0;
    for (int i = 0; i < exponentAt; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        point = i;
      } else if (c == 'e' || c == 'E') {
        exponentAt = i;
      } else if (c != '-') {
        written++;
        significant = significant == 0 && c == '0' ? 0 : significant + 1;
      }
    }
    // The second bound keeps a page of zeros from the parser; whatever it refuses would be refused below as well.
    if (significant > Limits.NUMBER_DIGITS_MAX || written > Limits.NUMBER_EXPONENT_MAX + Limits.NUMBER_DIGITS_MAX) {
      throw new ArithmeticException("the number has more than " + Limits.NUMBER_DIGITS_MAX + " digits");
    }
    checkExponent(text, exponentAt);
    BigDecimal value = new BigDecimal(text);
    checkRange(value);
    return point < 0 && exponentAt == text.length() ? integer(value) : value;
  }

  /** Refuses what the writer could not write so that the reader accepts it. */
  static void checkRange(BigDecimal value) {
    int precision = value.precision();
    if (precision > Limits.NUMBER_DIGITS_MAX) {
      throw new ArithmeticException("the number has more than " + Limits.NUMBER_DIGITS_MAX + " digits");
    }
    if (Math.abs(precision - 1L - value.scale()) > Limits.NUMBER_EXPONENT_MAX) {
      throw outOfRange();
    }
  }

  /** A whole number in its only form. */
  static Object integer(BigDecimal whole) {
    boolean fits = whole.compareTo(LONG_MIN) >= 0 && whole.compareTo(LONG_MAX) <= 0;
    return fits ? (Object) whole.longValueExact() : whole;
  }

  private static void checkExponent(String text, int exponentAt) {
    int exponent = 0;
    for (int i = exponentAt + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '+' && c != '-') {
        exponent = exponent * 10 + (c - '0');
      }
      if (exponent > Limits.NUMBER_EXPONENT_MAX) {
        throw outOfRange();
      }
    }
  }

  private static ArithmeticException outOfRange() {
    return new ArithmeticException("the number's exponent is beyond " + Limits.NUMBER_EXPONENT_MAX);
  }
}
