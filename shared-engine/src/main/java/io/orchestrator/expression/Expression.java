package io.orchestrator.expression;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A parsed expression of the flow language: immutable, side-effect free, guaranteed to end. */
public final class Expression {
  private final String text;
  private final Node node;
  private final int slots;
  private final List<Reference> references;
  private final UnaryOperator<Scope> view;

  private Expression(
      String text, Node node, int slots, List<Reference> references, UnaryOperator<Scope> view) {
    this.text = text;
    this.node = node;
    this.slots = slots;
    this.references = references;
    this.view = view;
  }

  /** The same expression, in which {@code $from} has the value that {@code $to} would have. */
  public Expression renamed(String from, String to) {
    return new Expression(text, node, slots, references, scope -> scope.renamed(from, to));
  }

  /** What a condition came to. */
  public enum Truth {
    YES,
    NO,
    /** It was null, which counts as false and deserves a warning. */
    ABSENT
  }

  /**
   * Parses the whole text as one expression.
   *
   * @throws ExpressionException with the offset in characters of the first error
   */
  public static Expression parse(String text) {
    if (text.codePointCount(0, text.length()) > Limits.EXPRESSION_CHARACTERS_MAX) {
      throw new ExpressionException(
          "the expression has more than " + Limits.EXPRESSION_CHARACTERS_MAX + " characters",
          Limits.EXPRESSION_CHARACTERS_MAX);
    }
    return parsed(text, Lexer.whole(text));
  }

  private static Expression parsed(String text, List<Token> tokens) {
    Parser parser = new Parser(text, tokens);
    Node node = parser.parse();
    return new Expression(
        text, node, parser.slots(), parser.references(), UnaryOperator.identity());
  }

  /**
   * The value over the given scope.
   *
   * @throws ExpressionException when a rule of the language is broken (types, limits); the message
   *     names the field
   */
  public Object evaluate(Scope scope) {
    return evaluate(scope, new Evaluation.Counter());
  }

  Object evaluate(Scope scope, Evaluation.Counter uuids) {
    Object value = new Evaluation(text, view.apply(scope), slots, uuids).value(node);
    if (!(value == null || value instanceof Boolean || value instanceof Long)) {
      checkSize(value);
    }
    return value;
  }

  /**
   * The value however large it is: what a loop goes through one by one is never looked at as a
   * whole.
   *
   * @throws ExpressionException when a rule of the language is broken
   */
  public Object evaluateUnsized(Scope scope) {
    return new Evaluation(text, view.apply(scope), slots, new Evaluation.Counter()).value(node);
  }

  private void checkSize(Object value) {
    long bytes = JsonSize.bytes(value, Limits.EXPRESSION_RESULT_BYTES_MAX, Limits.JSON_DEPTH_MAX);
    if (bytes == JsonSize.TOO_DEEP) {
      throw refused("nested deeper than " + Limits.JSON_DEPTH_MAX);
    }
    if (bytes > Limits.EXPRESSION_RESULT_BYTES_MAX) {
      throw refused("larger than " + Limits.EXPRESSION_RESULT_BYTES_MAX + " bytes");
    }
  }

  private ExpressionException refused(String why) {
    return new ExpressionException("the result of " + node.at().of(text) + " is " + why, 0);
  }

  /**
   * The value as a condition: null counts as false.
   *
   * @throws ExpressionException also if the value is neither boolean nor null
   */
  public boolean condition(Scope scope) {
    return truth(scope) == Truth.YES;
  }

  /** The same, telling false from null. */
  public Truth truth(Scope scope) {
    Object value = evaluate(scope);
    if (value instanceof Boolean truth) {
      return truth ? Truth.YES : Truth.NO;
    }
    if (value == null) {
      return Truth.ABSENT;
    }
    throw new ExpressionException(
        "a condition must be true or false: "
            + node.at().of(text)
            + " is "
            + Values.describe(value),
        0);
  }

  /**
   * What the value can be, before there is any data.
   *
   * @param roots gives the type of {@code $name}; null for one of which nothing is known
   * @param findings takes what will go wrong whatever the data, inner parts first
   */
  public Type infer(java.util.function.Function<String, Type> roots, Consumer<Finding> findings) {
    return new Inference(text, roots, findings).of(node);
  }

  /** The same for a condition, which must be able to be true or false. */
  public void inferCondition(
      java.util.function.Function<String, Type> roots, Consumer<Finding> findings) {
    new Inference(text, roots, findings).truth(node);
  }

  /**
   * Its value together with that of every part of it, in the order of the text, a part before those
   * inside it. A part inside a macro is listed once for each element that it was evaluated for.
   */
  public List<Explained> explain(Scope scope) {
    return Explanation.of(text, node, slots, view.apply(scope));
  }

  /** Whether it has the same value whatever the data, the time and the execution. */
  public boolean isConstant() {
    return references.isEmpty() && Parts.all(node).stream().allMatch(Expression::isFixed);
  }

  private static boolean isFixed(Node part) {
    return !(part instanceof Node.Call call)
        || (call.function() != Function.NOW && call.function() != Function.UUID);
  }

  /**
   * Whether the text can never be a condition, whatever the data: a constant, a sum, a list and
   * their like, but no reference and no call.
   */
  public boolean isNeverBoolean() {
    return switch (node) {
      case Node.Literal literal -> literal.value() != null && !(literal.value() instanceof Boolean);
      case Node.Arithmetic _, Node.Negated _, Node.ListOf _, Node.MapOf _ -> true;
      default -> false;
    };
  }

  /** Every {@code $root.field.field} that the text names, in order of appearance. */
  public List<Reference> references() {
    return references;
  }

  /** The text as written. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }
}
