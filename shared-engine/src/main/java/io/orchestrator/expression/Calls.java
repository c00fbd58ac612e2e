package io.orchestrator.expression;

import com.google.re2j.Pattern;
import java.util.List;

/** Builds the part that a call of a function is. */
final class Calls {
  private Calls() {}

  /** The part for {@code name(arguments)}, whose place is given. */
  static Node of(Token name, List<Node> arguments, Span at) {
    return switch (name.text()) {
      case "if" -> {
        if (arguments.size() != 3) {
          throw new ExpressionException(
              "`if` takes 3 arguments: `if(condition, then, else)`", name.start());
        }
        yield new Node.Choice(at, arguments.get(0), arguments.get(1), arguments.get(2));
      }
      case "has" -> has(name, arguments, at);
      default -> function(name, arguments, at);
    };
  }

  private static Node has(Token name, List<Node> arguments, Span at) {
    if (arguments.size() == 1 && arguments.getFirst() instanceof Node.Field field) {
      return new Node.Has(at, field.of(), new Node.Literal(field.at(), field.name()));
    }
    if (arguments.size() == 1 && arguments.getFirst() instanceof Node.Index index) {
      return new Node.Has(at, index.of(), index.key());
    }
    throw new ExpressionException("`has` takes one field: `has($x.y)`", name.start());
  }

  /** The same for names that are functions, which alone can be called behind a point. */
  static Node function(Token name, List<Node> arguments, Span at) {
    Function function = Function.of(name.text());
    if (function == null) {
      throw new ExpressionException(unknown(name.text()), name.start());
    }
    if (!function.takes(arguments.size())) {
      String takes =
          "`" + name.text() + "` takes " + function.arity() + ", not " + arguments.size();
      throw new ExpressionException(takes, name.start());
    }
    if (function == Function.MATCHES) {
      Node regex = arguments.get(1);
      return new Node.Matched(at, arguments.getFirst(), regex, constantPattern(regex));
    }
    return new Node.Call(at, function, List.copyOf(arguments));
  }

  private static String unknown(String name) {
    Macro macro = Macro.of(name);
    if (macro != null) {
      return "`" + name + "` is called on an array: `$list." + name + "(x, ...)`";
    }
    String nearest = Nearest.function(name);
    return "there is no function `"
        + name
        + "`"
        + (nearest == null ? "" : "; did you mean `" + nearest + "`?");
  }

  /** The pattern of a text that is written out, null for one that data gives. */
  static Pattern constantPattern(Node right) {
    return right instanceof Node.Literal(Span at, String regex)
        ? Patterns.compile(regex, at.start())
        : null;
  }
}
