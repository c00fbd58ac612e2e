package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** An evaluation that remembers what every part came to. */
final class Explanation extends Evaluation {
  private final String text;
  private final List<Line> lines = new ArrayList<>();
  private int depth;

  private Explanation(String text, Scope scope, int slots) {
    super(text, scope, slots, new Counter());
    this.text = text;
  }

  /** One look at one part; the outcome is null until it is known. */
  private static final class Line {
    private final Node node;
    private final int depth;
    private Explained.Outcome outcome;

    Line(Node node, int depth) {
      this.node = node;
      this.depth = depth;
    }
  }

  static List<Explained> of(String text, Node node, int slots, Scope scope) {
    Explanation explanation = new Explanation(text, scope, slots);
    try {
      explanation.value(node);
    } catch (ExpressionException told) {
      // The fault stands beside the part that caused it and those around it.
      assert !explanation.lines.isEmpty();
    }
    return explanation.told(node);
  }

  @Override
  Object value(Node node) {
    if (lines.size() >= Limits.EXPLAINED_PARTS_MAX) {
      return super.value(node);
    }
    Line line = new Line(node, depth++);
    lines.add(line);
    try {
      Object value = super.value(node);
      line.outcome = new Explained.Outcome.Value(value);
      return value;
    } catch (ExpressionException fault) {
      line.outcome = new Explained.Outcome.Fault(fault.getMessage());
      throw fault;
    } finally {
      depth--;
    }
  }

  private List<Explained> told(Node root) {
    List<Explained> told = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Line line : lines) {
      seen.add(line.node);
      if (!(line.node instanceof Node.Literal)) {
        told.add(told(line.node, line.depth, line.outcome));
      }
    }
    for (Node part : Parts.all(root)) {
      boolean evaluated = seen.contains(part) || lines.size() >= Limits.EXPLAINED_PARTS_MAX;
      if (!evaluated && !(part instanceof Node.Literal)) {
        told.add(told(part, 0, new Explained.Outcome.NotEvaluated()));
      }
    }
    return told;
  }

  private Explained told(Node node, int at, Explained.Outcome outcome) {
    Span span = node.at();
    return new Explained(
        text.substring(span.start(), span.end()), span.start(), span.end(), at, outcome);
  }
}
