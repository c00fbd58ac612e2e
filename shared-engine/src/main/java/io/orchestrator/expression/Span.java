package io.orchestrator.expression;

/** Where a part of an expression stands in its text, in characters from 0, the end excluded. */
record Span(int start, int end) {
  private static final int SHOWN_CHARACTERS_MAX = 60;

  /** From the beginning of this to the end of that. */
  Span to(Span last) {
    return new Span(start, last.end);
  }

  /** The part itself in backquotes, as messages name it. */
  String of(String text) {
    String part = text.substring(start, end).strip();
    return part.length() <= SHOWN_CHARACTERS_MAX
        ? "`" + part + "`"
        : "`" + part.substring(0, 57) + "...`";
  }
}
