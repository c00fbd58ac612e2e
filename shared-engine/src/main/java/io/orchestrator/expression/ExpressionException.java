package io.orchestrator.expression;

/** An expression that cannot be parsed or evaluated; the message is for the flow's author and names the field. */
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int offset;

  public ExpressionException(String message, int offset) {
    super(message, null, false, false);
    this.offset = offset;
  }

  /** Where in the text, in characters from 0; -1 if unknown. */
  public int offset() {
    return offset;
  }
}
