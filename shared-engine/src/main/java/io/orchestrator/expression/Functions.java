package io.orchestrator.expression;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Finds the work behind a call, and does that of numbers and of any data. */
final class Functions {
  private Functions() {}

  static Object call(Arguments a) {
    return switch (a.call().function()) {
      case SIZE -> ListFunctions.size(a);
      case TYPE -> Values.type(a.value(0));
      case KEYS -> MapFunctions.keys(a);
      case VALUES -> MapFunctions.values(a);
      case MERGE -> MapFunctions.merge(a);
      case PICK -> MapFunctions.pick(a);
      case OMIT -> MapFunctions.omit(a);
      case REVERSE -> ListFunctions.reverse(a);
      case SLICE -> ListFunctions.slice(a);
      case FIRST -> ListFunctions.first(a);
      case LAST -> ListFunctions.last(a);
      case RANGE -> ListFunctions.range(a);
      case DISTINCT -> ListFunctions.distinct(a);
      case SUM -> ListFunctions.sum(a);
      case MIN -> ListFunctions.extreme(a, -1);
      case MAX -> ListFunctions.extreme(a, 1);
      case LOWER -> TextFunctions.lower(a);
      case UPPER -> TextFunctions.upper(a);
      case TRIM -> TextFunctions.trim(a);
      case SPLIT -> TextFunctions.split(a);
      case JOIN -> TextFunctions.join(a);
      case REPLACE -> TextFunctions.replace(a);
      case CONTAINS -> a.text(0).contains(a.text(1));
      case STARTS_WITH -> a.text(0).startsWith(a.text(1));
      case ENDS_WITH -> a.text(0).endsWith(a.text(1));
      case SUBSTRING -> TextFunctions.substring(a);
      case MATCHES ->
          throw new IllegalStateException("the parser makes a part of its own of `matches`");
      case NUMBER -> number(a);
      case STRING -> a.made(Values.text(bounded(a)));
      case JSON -> a.made(Json.write(bounded(a)));
      case PARSE_JSON -> parseJson(a);
      case ROUND -> round(a, RoundingMode.HALF_EVEN);
      case FLOOR -> round(a, RoundingMode.FLOOR);
      case CEIL -> round(a, RoundingMode.CEILING);
      case ABS -> Numbers.compare(a.number(0), 0L) < 0 ? negated(a) : a.value(0);
      case NOW -> a.evaluation().scope().now().toString();
      case DATE -> DateFunctions.date(a);
      case DATE_ADD -> DateFunctions.add(a);
      case DATE_DIFF -> DateFunctions.difference(a);
      case FORMAT_DATE -> DateFunctions.format(a);
      case UUID -> Digests.uuid(a.evaluation().scope().seed(), a.evaluation().nextUuid());
      case HASH -> Digests.hash(a);
      case BASE64 -> TextFunctions.base64(a);
    };
  }

  /** The first argument, if its JSON is not beyond what an expression may make. */
  static Object bounded(Arguments a) {
    Object value = a.value(0);
    if (!(value instanceof String)) {
      Values.countAll(value, a.evaluation());
      if (JsonSize.bytes(value, Limits.TEXT_CHARACTERS_MAX, Limits.STORED_DEPTH_MAX)
          == JsonSize.TOO_DEEP) {
        throw a.fault(0, "is nested deeper than " + Limits.STORED_DEPTH_MAX);
      }
    }
    return value;
  }

  private static Object negated(Arguments a) {
    return a.evaluation().arithmetic(a.call(), Operator.MINUS, 0L, a.value(0));
  }

  /** A number from a JSON number's text. */
  private static Object number(Arguments a) {
    if (Numbers.isNumber(a.value(0))) {
      return a.value(0);
    }
    if (!(a.value(0) instanceof String)) {
      throw a.needs(0, "a string or a number");
    }
    String text = a.text(0).strip();
    try {
      if (!text.isEmpty() && Numbers.isNumber(Json.read(text))) {
        return Numbers.literal(text);
      }
    } catch (JsonException | ArithmeticException e) {
      throw a.fault(0, "is not the text of a number (" + e.getMessage() + ")");
    }
    throw a.fault(0, "is not the text of a number");
  }

  private static Object parseJson(Arguments a) {
    try {
      Object value = Json.read(a.text(0));
      Values.countAll(value, a.evaluation());
      return value;
    } catch (JsonException e) {
      String place = " (line " + e.line() + ", column " + e.column() + ")";
      throw a.fault(0, "is not JSON: " + e.getMessage() + place);
    }
  }

  private static Object round(Arguments a, RoundingMode mode) {
    BigDecimal value = a.decimal(0);
    int digits = a.has(1) ? a.integer(1) : 0;
    if (Math.abs(digits) > Limits.NUMBER_EXPONENT_MAX) {
      throw a.fault(1, "must lie between -308 and 308");
    }
    if (value.scale() <= digits) {
      return Numbers.normal(value);
    }
    return Numbers.normal(value.setScale(digits, mode));
  }
}
