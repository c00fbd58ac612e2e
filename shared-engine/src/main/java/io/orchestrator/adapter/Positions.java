package io.orchestrator.adapter;

import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Spot;

/** Finds where in a text a pointer leads. */
public final class Positions {
  private Positions() {}

  /**
   * The problem with the line and column of the nearest part of the text that its path leads to.
   */
  public static Problem placed(Problem problem, Node root) {
    if (problem.line() > 0) {
      return problem;
    }
    Spot spot = root.spot();
    Node node = root;
    String[] keys =
        problem.path().isEmpty() ? new String[0] : problem.path().substring(1).split("/", -1);
    for (String escaped : keys) {
      String key = escaped.replace("~1", "/").replace("~0", "~");
      if (node instanceof Node.Mapping mapping && mapping.entries().get(key) != null) {
        spot = mapping.entries().get(key).spot();
        node = mapping.get(key);
      } else if (node instanceof Node.Sequence list
          && key.matches("[0-9]{1,4}")
          && Integer.parseInt(key) < list.items().size()) {
        node = list.items().get(Integer.parseInt(key));
        spot = node.spot();
      } else {
        break;
      }
    }
    return new Problem(
        problem.code(),
        problem.path(),
        spot.line(),
        spot.column(),
        problem.message(),
        problem.hint());
  }
}
