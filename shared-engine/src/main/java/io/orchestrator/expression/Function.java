package io.orchestrator.expression;

import java.util.Locale;

/** The functions of the language, each with the least and the most arguments it takes. */
enum Function {
  SIZE(1, 1),
  TYPE(1, 1),
  KEYS(1, 1),
  VALUES(1, 1),
  MERGE(1, 16),
  PICK(2, 64),
  OMIT(2, 64),
  REVERSE(1, 1),
  SLICE(2, 3),
  FIRST(1, 1),
  LAST(1, 1),
  RANGE(1, 3),
  DISTINCT(1, 1),
  SUM(1, 1),
  MIN(1, 64),
  MAX(1, 64),
  LOWER(1, 1),
  UPPER(1, 1),
  TRIM(1, 1),
  SPLIT(2, 2),
  JOIN(1, 2),
  REPLACE(3, 3),
  CONTAINS(2, 2),
  STARTS_WITH("startsWith", 2, 2),
  ENDS_WITH("endsWith", 2, 2),
  SUBSTRING(2, 3),
  MATCHES(2, 2),
  NUMBER(1, 1),
  STRING(1, 1),
  JSON(1, 1),
  PARSE_JSON(1, 1),
  ROUND(1, 2),
  FLOOR(1, 1),
  CEIL(1, 1),
  ABS(1, 1),
  NOW(0, 0),
  DATE(1, 1),
  DATE_ADD(2, 3),
  DATE_DIFF(2, 3),
  FORMAT_DATE(2, 3),
  UUID(0, 0),
  HASH(1, 2),
  BASE64(1, 1);

  private static final Function[] ALL = values();
  private final String text;
  private final int argumentsMin;
  private final int argumentsMax;

  Function(int argumentsMin, int argumentsMax) {
    this.text = name().toLowerCase(Locale.ROOT);
    this.argumentsMin = argumentsMin;
    this.argumentsMax = argumentsMax;
  }

  Function(String text, int argumentsMin, int argumentsMax) {
    this.text = text;
    this.argumentsMin = argumentsMin;
    this.argumentsMax = argumentsMax;
  }

  /** The function of that name, null if there is none. */
  static Function of(String name) {
    for (Function function : ALL) {
      if (function.text.equals(name)) {
        return function;
      }
    }
    return null;
  }

  String text() {
    return text;
  }

  boolean takes(int arguments) {
    return arguments >= argumentsMin && arguments <= argumentsMax;
  }

  /** How many arguments it takes, in words. */
  String arity() {
    String unit = argumentsMax == 1 ? " argument" : " arguments";
    if (argumentsMin == argumentsMax) {
      return (argumentsMax == 0 ? "no" : argumentsMax) + unit;
    }
    return argumentsMin + " to " + argumentsMax + unit;
  }
}
