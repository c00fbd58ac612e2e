package io.orchestrator.flow;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** What an unquoted text means by YAML's core schema. */
final class CoreScalars {
  private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private CoreScalars() {}

  /**
   * The value.
   *
   * @throws ArithmeticException for a number beyond the limits, with a message for the author
   */
  static Object read(String text) {
    Tag tag = CORE.resolve(text, true);
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return text.equalsIgnoreCase("true");
    }
    if (tag.equals(Tag.INT)) {
      return integer(text);
    }
    return tag.equals(Tag.FLOAT) ? decimal(text) : text;
  }

  private static Object integer(String text) {
    int radix = text.startsWith("0x") ? 16 : text.startsWith("0o") ? 8 : 10;
    String digits = radix == 10 ? text : text.substring(2);
    if (digits.length() > FlowLimits.NUMBER_EXPONENT_MAX) {
      throw tooLong();
    }
    BigInteger value = new BigInteger(digits, radix);
    if (value.compareTo(LONG_MIN) >= 0 && value.compareTo(LONG_MAX) <= 0) {
      return value.longValueExact();
    }
    return checked(new BigDecimal(value));
  }

  private static Object decimal(String text) {
    char last = text.charAt(text.length() - 1);
    if (last == 'f' || last == 'F' || last == 'n' || last == 'N') {
      throw new ArithmeticException(text + " is not a number that JSON has");
    }
    int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
    String exponent = exponentAt < 0 ? "" : text.substring(exponentAt + 1);
    if (text.length() - exponent.length() > FlowLimits.NUMBER_EXPONENT_MAX
        || exponent.length() > 8) {
      throw tooLong();
    }
    return checked(new BigDecimal(text));
  }

  private static BigDecimal checked(BigDecimal value) {
    if (value.precision() > FlowLimits.NUMBER_DIGITS_MAX) {
      throw tooLong();
    }
    if (Math.abs(value.precision() - 1L - value.scale()) > FlowLimits.NUMBER_EXPONENT_MAX) {
      throw new ArithmeticException(
          "the number's exponent is beyond " + FlowLimits.NUMBER_EXPONENT_MAX);
    }
    return value;
  }

  private static ArithmeticException tooLong() {
    return new ArithmeticException(
        "the number has more than " + FlowLimits.NUMBER_DIGITS_MAX + " digits");
  }
}
