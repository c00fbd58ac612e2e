package io.orchestrator.expression;

/** Strict JSON: text to plain data and back. Numbers keep their text, objects their order; what it wrote it reads as equal. */
public final class Json {
  private Json() {}

  /**
   * Reads exactly one JSON value (RFC 8259): duplicate keys, numbers over 40 digits or |exponent| over 308, NUL, lone
   * surrogates and depth over 64 are refused.
   *
   * @throws JsonException with line and column from 1
   */
  public static Object read(String text) {
    return null;
  }

  /** The same from bytes, which must be well-formed UTF-8. */
  public static Object read(byte[] utf8) {
    return null;
  }

  /** Compact JSON: no white space, keys in the map's order, integers without a point. */
  public static String write(Object value) {
    return null;
  }

  /** Compact JSON with the keys of every object sorted and numbers normalised: equal values give equal text. */
  public static String canonical(Object value) {
    return null;
  }
}
