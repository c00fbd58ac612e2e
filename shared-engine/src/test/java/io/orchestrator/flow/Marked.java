package io.orchestrator.flow;

/** A text with a mark where a problem must be told. */
record Marked(String text, int line, int column) {
  private static final String MARK = "▸";

  static Marked of(String marked) {
    int at = marked.indexOf(MARK);
    if (at < 0) {
      throw new IllegalArgumentException("the text has no mark: " + marked);
    }
    String before = marked.substring(0, at);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = 1 + before.codePointCount(before.lastIndexOf('\n') + 1, before.length());
    return new Marked(marked.replace(MARK, ""), line, column);
  }

  /** As it is compared: {@code code line:column}. */
  String told(String code) {
    return code + " " + line + ":" + column;
  }

  static String told(Problem problem) {
    return problem.code() + " " + problem.line() + ":" + problem.column();
  }
}
