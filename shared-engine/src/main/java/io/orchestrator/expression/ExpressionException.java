package io.orchestrator.expression;

/**
 * An expression that cannot be parsed or evaluated; the message is for the flow's author and names
 * the field.
 */
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int offset;
  private final String pointer;

  public ExpressionException(String message, int offset) {
    this(message, offset, "");
  }

  private ExpressionException(String message, int offset, String pointer) {
    super(message, null, false, false);
    this.offset = offset;
    this.pointer = pointer;
  }

  /** The same fault, told with the place of the text in the data around it. */
  ExpressionException in(String pointer) {
    return new ExpressionException(getMessage(), offset, pointer);
  }

  /** Where in the text, in characters from 0; -1 if unknown. */
  public int offset() {
    return offset;
  }

  /**
   * Where in a template's data the text stands (RFC 6901); empty if it is the whole, or no
   * template.
   */
  public String pointer() {
    return pointer;
  }
}
