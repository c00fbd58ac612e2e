package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Data with expressions in it ({@code params}, {@code set}, {@code output}), compiled once and
 * filled for each use.
 */
public final class Template {
  private final Object data;
  private final Part part;
  private final List<Expression> expressions;
  private final List<Integer> offsets;
  private final List<Secret> secrets;
  private final UnaryOperator<Scope> view;

  private Template(Object data, Part part, TemplateCompiler compiler) {
    this.data = data;
    this.part = part;
    this.expressions = List.copyOf(compiler.expressions());
    this.offsets = List.copyOf(compiler.offsets());
    this.secrets = List.copyOf(compiler.secrets());
    this.view = UnaryOperator.identity();
  }

  private Template(Template other, UnaryOperator<Scope> view) {
    this.data = other.data;
    this.part = other.part;
    this.expressions = other.expressions;
    this.offsets = other.offsets;
    this.secrets = other.secrets;
    this.view = view;
  }

  /** The same data, in which {@code $from} has the value that {@code $to} would have. */
  public Template renamed(String from, String to) {
    return new Template(this, scope -> scope.renamed(from, to));
  }

  /**
   * Compiles data: a string that begins with {@code $} and a letter is one expression and keeps its
   * type, {@code ${ expr }} interpolates, {@code $$} at the start is a literal {@code $}; a map
   * with the lone key {@code secret} and a string becomes a {@link Secret}. Map keys are never
   * filled.
   *
   * @throws ExpressionException when a text in it cannot be parsed, with the text's place in the
   *     data
   */
  public static Template compile(Object data) {
    TemplateCompiler compiler = new TemplateCompiler();
    Part part = compiler.compile(data);
    if (!compiler.faults().isEmpty()) {
      throw compiler.faults().getFirst();
    }
    return new Template(data, part, compiler);
  }

  /** Every fault of the data, in document order, each with its place; none if it compiles. */
  public static List<ExpressionException> faults(Object data) {
    TemplateCompiler compiler = new TemplateCompiler();
    compiler.compile(data);
    return new ArrayList<>(compiler.faults());
  }

  /**
   * The data with every expression replaced by its value.
   *
   * @throws ExpressionException as {@link Expression#evaluate} does
   */
  public Object fill(Scope scope) {
    return part.fill(view.apply(scope), new Evaluation.Counter());
  }

  /** The data as written. */
  public Object data() {
    return data;
  }

  /** Every expression in it, in document order. */
  public List<Expression> expressions() {
    return expressions;
  }

  /** Where each expression begins, in characters of the text that holds it. */
  public List<Integer> offsets() {
    return offsets;
  }

  /** Every secret that it names, in document order. */
  public List<Secret> secrets() {
    return secrets;
  }
}
