package io.orchestrator.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * What a number may be: a {@link Long} if it is an integer that fits, otherwise a {@link
 * BigDecimal} within limits.
 */
final class Numbers {
  /** Apart, because the first touch of BigDecimal costs milliseconds that most flows never need. */
  private static final class Decimals {
    static final MathContext PRECISION =
        new MathContext(Limits.DECIMAL_DIGITS, RoundingMode.HALF_EVEN);
    static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
    static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  }

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
    // The second bound keeps a page of zeros from the parser; whatever it refuses would be refused
    // below as well.
    if (significant > Limits.NUMBER_DIGITS_MAX
        || written > Limits.NUMBER_EXPONENT_MAX + Limits.NUMBER_DIGITS_MAX) {
      throw new ArithmeticException(
          "the number has more than " + Limits.NUMBER_DIGITS_MAX + " digits");
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
      throw new ArithmeticException(
          "the number has more than " + Limits.NUMBER_DIGITS_MAX + " digits");
    }
    if (Math.abs(precision - 1L - value.scale()) > Limits.NUMBER_EXPONENT_MAX) {
      throw outOfRange();
    }
  }

  /** A whole number in its only form. */
  static Object integer(BigDecimal whole) {
    boolean fits =
        whole.compareTo(Decimals.LONG_MIN) >= 0 && whole.compareTo(Decimals.LONG_MAX) <= 0;
    return fits ? (Object) whole.longValueExact() : whole;
  }

  /**
   * The same as {@link #parse} for a number written in an expression, where {@code 1e3} is the
   * integer 1000.
   */
  static Object literal(String text) {
    Object value = parse(text);
    return value instanceof BigDecimal decimal && decimal.scale() < 0 ? normal(decimal) : value;
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof BigDecimal;
  }

  static BigDecimal decimal(Object number) {
    return number instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) number;
  }

  static int compare(Object a, Object b) {
    return a instanceof Long x && b instanceof Long y
        ? Long.compare(x, y)
        : decimal(a).compareTo(decimal(b));
  }

  /** The number as an index of a list, -1 if it can be none. */
  static int index(Object number) {
    if (number instanceof Long whole) {
      return whole >= 0 && whole <= Integer.MAX_VALUE ? whole.intValue() : -1;
    }
    Object whole = whole((BigDecimal) number);
    return whole instanceof Long ? index(whole) : -1;
  }

  /** The number as an integer if it is one in value, otherwise null. */
  static Object whole(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() <= 0 && digitsBeforePoint(stripped) <= Limits.NUMBER_DIGITS_MAX
        ? integer(stripped.setScale(0))
        : null;
  }

  /**
   * The result of arithmetic: integers exactly, everything else to 34 digits half even.
   *
   * @throws ArithmeticException on division by zero and beyond the limits, with a message for the
   *     author
   */
  static Object calculate(Operator operator, Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      Object quick = quick(operator, x, y);
      if (quick != null) {
        return quick;
      }
    }
    BigDecimal x = decimal(a);
    BigDecimal y = decimal(b);
    boolean exact = x.scale() == 0 && y.scale() == 0;
    return normal(
        switch (operator) {
          case PLUS -> exact ? x.add(y) : x.add(y, Decimals.PRECISION);
          case MINUS -> exact ? x.subtract(y) : x.subtract(y, Decimals.PRECISION);
          case TIMES -> exact ? x.multiply(y) : x.multiply(y, Decimals.PRECISION);
          case DIVIDED -> divided(x, nonZero(y), exact);
          case MODULO ->
              exact ? x.remainder(nonZero(y)) : x.remainder(nonZero(y)).round(Decimals.PRECISION);
          case LESS, AT_MOST, MORE, AT_LEAST ->
              throw new IllegalStateException("the parser made " + operator);
        });
  }

  /** The result if it is an integer that fits, otherwise null. */
  private static Long quick(Operator operator, long x, long y) {
    return switch (operator) {
      case PLUS -> {
        long sum = x + y;
        yield ((x ^ sum) & (y ^ sum)) < 0 ? null : (Long) sum;
      }
      case MINUS -> {
        long difference = x - y;
        yield ((x ^ y) & (x ^ difference)) < 0 ? null : (Long) difference;
      }
      case TIMES -> {
        long low = x * y;
        yield Math.multiplyHigh(x, y) == low >> 63 ? (Long) low : null;
      }
      case DIVIDED -> y == 0 || y == -1 || x % y != 0 ? null : (Long) (x / y);
      case MODULO -> y == 0 ? null : (Long) (x % y);
      case LESS, AT_MOST, MORE, AT_LEAST -> null;
    };
  }

  private static BigDecimal divided(BigDecimal x, BigDecimal y, boolean exact) {
    if (exact) {
      BigDecimal[] parts = x.divideAndRemainder(y);
      if (parts[1].signum() == 0) {
        return parts[0];
      }
    }
    return x.divide(y, Decimals.PRECISION);
  }

  private static BigDecimal nonZero(BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    return divisor;
  }

  /** A result in the form that data has. */
  static Object normal(BigDecimal result) {
    BigDecimal value = result;
    if (value.scale() < 0 && digitsBeforePoint(value) <= Limits.NUMBER_DIGITS_MAX) {
      value = value.setScale(0);
    }
    if (value.precision() > Limits.NUMBER_DIGITS_MAX && value.scale() > 0) {
      value = value.round(Decimals.PRECISION);
    }
    checkRange(value);
    return value.scale() == 0 ? integer(value) : value;
  }

  private static long digitsBeforePoint(BigDecimal value) {
    return (long) value.precision() - value.scale();
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
