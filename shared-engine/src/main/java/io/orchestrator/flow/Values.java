package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Template;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Reads single values, and says what is wrong with those that are not what they should be. */
final class Values {
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final Problems problems;

  Values(Problems problems) {
    this.problems = problems;
  }

  Problems problems() {
    return problems;
  }

  /** A map's fields; null, with a problem told, if it is none. */
  Fields fields(Node node, String what) {
    if (node instanceof Node.Mapping mapping) {
      return new Fields(mapping, what, problems);
    }
    wrongType(node, what, "a map");
    return null;
  }

  /** A text; null if it is missing or, with a problem told, if it is none. */
  String text(Node node, String what) {
    if (node == null) {
      return null;
    }
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
      return text;
    }
    wrongType(node, what, "a text");
    return null;
  }

  /** A name of the given shape. */
  String name(Node node, String what, Predicate<String> shape) {
    String name = text(node, what);
    if (name == null || shape.test(name)) {
      return name;
    }
    problems.error(
        Code.BAD_NAME,
        node.spot(),
        "'" + name + "' is not a name of " + what,
        "lower-case letters, digits, _ and -, a letter first, at most 63");
    return null;
  }

  Boolean bool(Node node, String what) {
    if (node == null) {
      return null;
    }
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof Boolean value) {
      return value;
    }
    wrongType(node, what, "true or false");
    return null;
  }

  /** A whole number in a range; empty if it is missing or, with a problem told, if it is none. */
  OptionalInt number(Node node, String what, int min, int max, String hint) {
    if (node == null) {
      return OptionalInt.empty();
    }
    Long number = whole(node);
    if (number == null) {
      wrongType(node, what, "a whole number");
      return OptionalInt.empty();
    }
    if (number < min || number > max) {
      String range = what + " must be from " + min + " to " + max;
      problems.error(Code.BAD_VALUE, node.spot(), range, hint);
      return OptionalInt.empty();
    }
    return OptionalInt.of(number.intValue());
  }

  /** A text or a list of texts. */
  List<String> texts(Node node, String what) {
    if (node == null) {
      return List.of();
    }
    if (node instanceof Node.Sequence list) {
      return list.items().stream().map(item -> text(item, what)).filter(Objects::nonNull).toList();
    }
    String one = text(node, what);
    return one == null ? List.of() : List.of(one);
  }

  /** One of an enumeration's words, in lower case. */
  <E extends Enum<E>> E word(Node node, String what, Class<E> type) {
    String text = text(node, what);
    if (text == null) {
      return null;
    }
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(constant.name().toLowerCase(Locale.ROOT));
      if (words.getLast().equals(text)) {
        return constant;
      }
    }
    badWord(node, what, text, words);
    return null;
  }

  void badWord(Node node, String what, String text, List<String> words) {
    String hint = Nearest.hint(text, words);
    problems.error(
        Code.BAD_VALUE,
        node.spot(),
        what + " cannot be '" + text + "'",
        hint.isEmpty() ? "one of " + String.join(", ", words) : hint);
  }

  void wrongType(Node node, String what, String wanted) {
    problems.error(
        Code.WRONG_TYPE,
        node.spot(),
        what + " must be " + wanted + ", not " + node.described(),
        "");
  }

  /** A whole number, however it is written: 3.0 is one, too. Null if it is none. */
  static Long whole(Node node) {
    return switch (node instanceof Node.Scalar scalar ? scalar.value() : null) {
      case Long number -> number;
      case BigDecimal number when number.stripTrailingZeros().scale() <= 0 ->
          number.min(MOST).max(MOST.negate()).longValue();
      case null, default -> null;
    };
  }

  /** A whole number from 1; null if it is missing or, with a problem told, if it is none. */
  Long count(Node node, String what, long most) {
    if (node == null) {
      return null;
    }
    Long number = whole(node);
    if (number == null) {
      wrongType(node, what, "a whole number");
      return null;
    }
    if (number < 1 || number > most) {
      badNumber(node, what, most == Long.MAX_VALUE ? "at least 1" : "from 1 to " + most);
      return null;
    }
    return number;
  }

  void badNumber(Node node, String what, String range) {
    problems.error(Code.BAD_VALUE, node.spot(), what + " must be " + range, "");
  }

  /** Places in data, written as paths. */
  List<Syntax.Mask> masks(Node node) {
    List<Syntax.Mask> masks = new ArrayList<>();
    List<Node> items =
        switch (node) {
          case null -> List.of();
          case Node.Sequence list -> list.items();
          default -> List.of(node);
        };
    for (Node item : items) {
      String text = text(item, "mask");
      MaskPath path = text == null ? null : MaskPath.parse(text);
      if (path != null) {
        masks.add(new Syntax.Mask(item.spot(), path));
      } else if (text != null) {
        problems.error(
            Code.BAD_VALUE,
            item.spot(),
            "'" + text + "' is not a path",
            "names with dots between, * for every item: input.cards[*].number");
      }
    }
    return masks;
  }

  /** A text that is wholly an expression. */
  Syntax.Expr expression(Node node, String what) {
    return expression(node, what, false);
  }

  private Syntax.Expr expression(Node node, String what, boolean condition) {
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Scalar scalar) || scalar.value() == null) {
      wrongType(node, what, "an expression");
      return null;
    }
    try {
      return new Syntax.Expr(Expression.parse(String.valueOf(scalar.value())), scalar, condition);
    } catch (ExpressionException e) {
      problems.error(Code.EXPRESSION, scalar.at(e.offset()), what + ": " + e.getMessage(), "");
      return null;
    }
  }

  /** A condition: an expression that can be true or false. */
  Syntax.Expr condition(Node node, String what) {
    Syntax.Expr condition = expression(node, what, true);
    if (condition != null && condition.expression().isNeverBoolean()) {
      problems.error(
          Code.NOT_BOOLEAN,
          node.spot(),
          what + " must be true or false, and " + condition.expression().text() + " never is",
          "compare it with something");
    }
    return condition;
  }

  /**
   * Data with expressions in it; null if it is missing or, with problems told, if one cannot be
   * parsed.
   */
  Syntax.Data data(Node node) {
    if (node == null) {
      return null;
    }
    List<ExpressionException> faults = Template.faults(node.data());
    faults.forEach(fault -> tell(fault, below(node, fault.pointer())));
    return faults.isEmpty() ? new Syntax.Data(Template.compile(node.data()), node) : null;
  }

  private void tell(ExpressionException fault, Node node) {
    boolean scalar = node instanceof Node.Scalar;
    Spot spot = scalar ? ((Node.Scalar) node).at(fault.offset()) : node.spot();
    boolean whole =
        scalar && ((Node.Scalar) node).value() instanceof String text && !text.contains("${");
    String hint =
        whole ? "inside a longer text write ${ expression }; a leading $$ is a plain $" : "";
    problems.error(Code.EXPRESSION, spot, fault.getMessage(), hint);
  }

  /** The part of a tree that a pointer names. */
  private static Node below(Node node, String pointer) {
    Node found = node;
    for (String part : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
      found =
          switch (found) {
            case Node.Mapping map -> map.get(part.replace("~1", "/").replace("~0", "~"));
            case Node.Sequence list -> list.items().get(Integer.parseInt(part));
            case Node.Scalar scalar -> scalar;
          };
    }
    return found;
  }

  /** Every expression in data, each with the text that holds it. */
  static List<Syntax.Expr> expressions(Node node) {
    List<Syntax.Expr> found = new ArrayList<>();
    collect(node, found);
    return found;
  }

  private static void collect(Node node, List<Syntax.Expr> found) {
    switch (node) {
      case Node.Mapping map when isSecret(map.entries()) -> {}
      case Node.Mapping map ->
          map.entries().values().forEach(entry -> collect(entry.value(), found));
      case Node.Sequence list -> list.items().forEach(item -> collect(item, found));
      case Node.Scalar scalar -> {
        if (scalar.value() instanceof String text) {
          Template template = Template.compile(text);
          for (int i = 0; i < template.expressions().size(); i++) {
            // The offsets of interpolated expressions count from their own beginning.
            Offsets offsets = scalar.offsets().from(template.offsets().get(i));
            Node.Scalar at = new Node.Scalar(scalar.spot(), text, offsets);
            found.add(new Syntax.Expr(template.expressions().get(i), at, false));
          }
        }
      }
    }
  }

  /** Whether a map is a secret's name. */
  static boolean isSecret(Map<String, Node.Entry> entries) {
    return entries.size() == 1
        && entries.get("secret") != null
        && entries.get("secret").value() instanceof Node.Scalar scalar
        && scalar.value() instanceof String;
  }
}
