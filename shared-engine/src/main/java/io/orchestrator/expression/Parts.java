package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.List;

/** The parts of an expression. */
final class Parts {
  private Parts() {}

  /** The part itself and everything inside it, in the order of the text. */
  static List<Node> all(Node node) {
    List<Node> all = new ArrayList<>();
    collect(node, all);
    return all;
  }

  private static void collect(Node node, List<Node> all) {
    all.add(node);
    inside(node).forEach(part -> collect(part, all));
  }

  private static List<Node> inside(Node node) {
    return switch (node) {
      case Node.Literal _, Node.Root _, Node.Bound _ -> List.of();
      case Node.Field field -> List.of(field.of());
      case Node.Index index -> List.of(index.of(), index.key());
      case Node.Has has -> List.of(has.of(), has.key());
      case Node.Not not -> List.of(not.operand());
      case Node.Negated negated -> List.of(negated.operand());
      case Node.And and -> List.of(and.left(), and.right());
      case Node.Or or -> List.of(or.left(), or.right());
      case Node.Choice choice -> List.of(choice.condition(), choice.then(), choice.otherwise());
      case Node.Coalesce either -> List.of(either.left(), either.right());
      case Node.Equal equal -> List.of(equal.left(), equal.right());
      case Node.Ordered ordered -> List.of(ordered.left(), ordered.right());
      case Node.Contained contained -> List.of(contained.left(), contained.right());
      case Node.Matched matched -> List.of(matched.left(), matched.right());
      case Node.Arithmetic sum -> List.of(sum.left(), sum.right());
      case Node.ListOf list -> list.elements();
      case Node.MapOf map -> map.values();
      case Node.Call call -> call.arguments();
      case Node.Loop loop -> {
        List<Node> parts = new ArrayList<>(List.of(loop.list()));
        parts.addAll(loop.bodies());
        yield parts;
      }
    };
  }
}
