package io.orchestrator.expression;

/**
 * A word of an expression: {@code text} is what it says (a root without its sign), {@code value} a
 * literal's value.
 */
record Token(Kind kind, String text, Object value, int start, int end) {
  /** What a token can be. */
  enum Kind {
    NUMBER,
    STRING,
    NAME,
    ROOT,
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isWord(String word) {
    return kind == Kind.NAME && text.equals(word);
  }

  boolean isEnd() {
    return kind == Kind.END;
  }
}
