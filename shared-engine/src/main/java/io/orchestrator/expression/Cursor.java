package io.orchestrator.expression;

import java.util.List;

/** The tokens of one expression, read from the first to the last. */
final class Cursor {
  private final String text;
  private final List<Token> tokens;
  private int next;

  Cursor(String text, List<Token> tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /** The token that comes next. */
  Token peek() {
    return tokens.get(next);
  }

  /** The token behind the next one. */
  Token second() {
    return tokens.get(next + 1);
  }

  void skip() {
    next++;
  }

  boolean taken(String symbol) {
    boolean taken = peek().is(symbol);
    next += taken ? 1 : 0;
    return taken;
  }

  boolean takenWord(String word) {
    boolean taken = peek().isWord(word);
    next += taken ? 1 : 0;
    return taken;
  }

  void expect(String symbol) {
    if (!taken(symbol)) {
      throw unexpected("`" + symbol + "`");
    }
  }

  /** From that token to the last one read. */
  Span spanFrom(Token first) {
    return new Span(first.start(), tokens.get(next - 1).end());
  }

  ExpressionException unexpected(String wanted) {
    return unexpected(peek(), wanted);
  }

  ExpressionException unexpected(Token token, String wanted) {
    String found =
        token.isEnd()
            ? "the expression ends"
            : new Span(token.start(), token.end()).of(text) + " stands";
    return new ExpressionException(found + " where " + wanted + " was expected", token.start());
  }
}
