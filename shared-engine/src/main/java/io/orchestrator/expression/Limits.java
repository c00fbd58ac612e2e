package io.orchestrator.expression;

/** The bounds of data and expressions, each with its unit in its name. */
public final class Limits {
  /** Nested arrays and objects in JSON that comes from outside. */
  public static final int JSON_DEPTH_MAX = 64;

  /**
   * Nested arrays and objects in a document of our own, which wraps data from outside in its own
   * levels.
   */
  public static final int STORED_DEPTH_MAX = 128;

  /** Significant digits of a number. */
  public static final int NUMBER_DIGITS_MAX = 40;

  /**
   * The largest power of ten of a number, in either direction, as written in scientific notation.
   */
  public static final int NUMBER_EXPONENT_MAX = 308;

  /** Significant digits to which a result that is no integer is rounded, half even. */
  public static final int DECIMAL_DIGITS = 34;

  /** Characters of one expression. */
  public static final int EXPRESSION_CHARACTERS_MAX = 1_024;

  /** Nested parentheses, calls, lists, objects and signs of one expression. */
  public static final int EXPRESSION_DEPTH_MAX = 32;

  /** Steps of one evaluation: every part evaluated and every element visited counts as one. */
  public static final int EXPRESSION_OPERATIONS_MAX = 10_000;

  /** Bytes of one expression's result as compact JSON. */
  public static final int EXPRESSION_RESULT_BYTES_MAX = 64 * 1_024;

  /** Characters of any text that an expression makes on its way, or a template by interpolation. */
  public static final int TEXT_CHARACTERS_MAX = 1 << 20;

  /** Characters of a regular expression. */
  public static final int PATTERN_CHARACTERS_MAX = 1_024;

  /** Instructions that a regular expression may need, after its repetitions are written out. */
  public static final int PATTERN_PROGRAM_MAX = 2_000;

  /** Parts of one expression that are explained, those inside macros once for each element. */
  public static final int EXPLAINED_PARTS_MAX = 500;

  private Limits() {}
}
