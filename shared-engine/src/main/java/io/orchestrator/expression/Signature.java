package io.orchestrator.expression;

/** Which types a function takes, and which it gives. */
final class Signature {
  private static final Type SIZED = Type.STRING.or(Type.ARRAY).or(Type.OBJECT);
  private static final Type LISTED = Type.STRING.or(Type.ARRAY);
  private static final Type DATE = Type.STRING.or(Type.NUMBER);
  private static final Type TEXTS = Type.array(Type.STRING);
  private static final Type ORDERED = Type.NUMBER.or(Type.STRING).or(Type.BOOLEAN);

  private Signature() {}

  /**
   * What a function can do something with as its argument.
   *
   * @param i which argument, from 0
   * @param of how many there are
   */
  static Type parameter(Function function, int i, int of) {
    return switch (function) {
      case SIZE -> SIZED;
      case TYPE, STRING, JSON -> Type.ANY;
      case HASH -> i == 0 ? Type.ANY : Type.STRING;
      case KEYS, VALUES, MERGE -> Type.OBJECT;
      case PICK, OMIT -> i == 0 ? Type.OBJECT : of == 2 ? LISTED : Type.STRING;
      case REVERSE -> LISTED;
      case SLICE -> i == 0 ? LISTED : Type.NUMBER;
      case FIRST, LAST, DISTINCT, SUM -> Type.ARRAY;
      case MIN, MAX -> of == 1 ? Type.ARRAY : ORDERED;
      case RANGE, ROUND, FLOOR, CEIL, ABS -> Type.NUMBER;
      case LOWER, UPPER, TRIM, SPLIT, REPLACE, CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES ->
          Type.STRING;
      case PARSE_JSON, BASE64 -> Type.STRING;
      case JOIN -> i == 0 ? Type.ARRAY : Type.STRING;
      case SUBSTRING -> i == 0 ? Type.STRING : Type.NUMBER;
      case NUMBER -> DATE;
      case DATE -> DATE;
      case DATE_ADD -> i == 0 ? DATE : i == 1 && of == 3 ? Type.NUMBER : Type.STRING;
      case DATE_DIFF -> i < 2 ? DATE : Type.STRING;
      case FORMAT_DATE -> i == 0 ? DATE : Type.STRING;
      case NOW, UUID -> Type.ANY;
    };
  }

  /**
   * What a function gives.
   *
   * @param first what its first argument can be; null if it has none
   */
  static Type result(Function function, Type first, int of) {
    return switch (function) {
      case SIZE, SUM, NUMBER, ROUND, FLOOR, CEIL, ABS, DATE_DIFF -> Type.NUMBER;
      case KEYS, SPLIT -> TEXTS;
      case VALUES -> Type.ARRAY;
      case MERGE, PICK, OMIT -> Type.OBJECT;
      case REVERSE, SLICE ->
          first.mayBeString()
              ? first.mayBeArray() ? LISTED : Type.STRING
              : Type.array(first.elements());
      case FIRST, LAST -> first.elements().orNull();
      case DISTINCT -> Type.array(first.elements());
      case RANGE -> Type.array(Type.NUMBER);
      case MIN, MAX -> of == 1 ? first.elements().orNull() : ORDERED;
      case CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES -> Type.BOOLEAN;
      case PARSE_JSON -> Type.ANY;
      case TYPE,
          STRING,
          JSON,
          LOWER,
          UPPER,
          TRIM,
          REPLACE,
          SUBSTRING,
          JOIN,
          BASE64,
          NOW,
          UUID,
          HASH,
          DATE,
          DATE_ADD,
          FORMAT_DATE ->
          Type.STRING;
    };
  }
}
