package io.orchestrator.expression;

/** The operators that compare, of which an expression takes one at a time. */
final class Comparisons {
  private Comparisons() {}

  /** Whether one comes next. */
  static boolean isNext(Cursor cursor) {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case SYMBOL ->
          switch (token.text()) {
            case "==", "!=", "<", "<=", ">", ">=" -> true;
            default -> false;
          };
      case NAME ->
          token.text().equals("in")
              || token.text().equals("matches")
              || (token.text().equals("not") && cursor.second().isWord("in"));
      case NUMBER, STRING, ROOT, END -> false;
    };
  }

  /** The part that compares; an operator without a case of its own is {@code in}. */
  static Node of(String operator, Node left, Node right, boolean notIn) {
    Span at = left.at().to(right.at());
    return switch (operator) {
      case "==" -> new Node.Equal(at, left, right, false);
      case "!=" -> new Node.Equal(at, left, right, true);
      case "<" -> new Node.Ordered(at, Operator.LESS, left, right);
      case "<=" -> new Node.Ordered(at, Operator.AT_MOST, left, right);
      case ">" -> new Node.Ordered(at, Operator.MORE, left, right);
      case ">=" -> new Node.Ordered(at, Operator.AT_LEAST, left, right);
      case "matches" -> new Node.Matched(at, left, right, Calls.constantPattern(right));
      default -> new Node.Contained(at, left, right, notIn);
    };
  }
}
