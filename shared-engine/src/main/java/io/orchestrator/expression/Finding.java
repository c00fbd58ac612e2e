package io.orchestrator.expression;

/**
 * What will go wrong, or probably was not meant, whenever a part of an expression is evaluated.
 *
 * @param offset of the part, in characters of the expression
 * @param hint what to write instead; empty if there is nothing to suggest
 */
public record Finding(Flaw flaw, String message, int offset, String hint) {
  /** What kind of flaw it is. */
  public enum Flaw {
    /** Values of these types cannot be used like this. */
    TYPES,
    /** There is no such field. */
    FIELD,
    /** Nobody has declared such a field, though it may be there. */
    UNDECLARED_FIELD,
    /** A condition that can be neither true nor false. */
    CONDITION,
    /** Two values that can never be equal are compared. */
    NEVER_EQUAL
  }
}
