package io.orchestrator.expression;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Builds the parts of one expression from its tokens, by descent. */
final class Parser {
  private static final Set<String> RESERVED =
      Set.of("true", "false", "null", "and", "or", "not", "in", "matches");

  private final String text;
  private final List<Token> tokens;
  private final List<Reference> references = new ArrayList<>();
  private final List<String> bound = new ArrayList<>();
  private int slots;
  private int next;
  private int depth = -1;

  Parser(String text, List<Token> tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /** The whole as one part. */
  Node parse() {
    if (peek().isEnd()) {
      throw new ExpressionException("the expression is empty", peek().start());
    }
    Node node = expression();
    if (!peek().isEnd()) {
      throw unexpected("the end of the expression");
    }
    return node;
  }

  List<Reference> references() {
    return List.copyOf(references);
  }

  /** How many names are bound at once, at most. */
  int slots() {
    return slots;
  }

  private Node expression() {
    enter();
    Node condition = or();
    Node node = condition;
    if (taken("?")) {
      Node then = expression();
      expect(":");
      Node otherwise = expression();
      node = new Node.Choice(condition.at().to(otherwise.at()), condition, then, otherwise);
    }
    depth--;
    return node;
  }

  private void enter() {
    if (++depth > Limits.EXPRESSION_DEPTH_MAX) {
      throw new ExpressionException(
          "the expression is nested deeper than " + Limits.EXPRESSION_DEPTH_MAX, peek().start());
    }
  }

  private Node or() {
    Node left = and();
    while (taken("||") || takenWord("or")) {
      Node right = and();
      left = new Node.Or(left.at().to(right.at()), left, right);
    }
    return left;
  }

  private Node and() {
    Node left = not();
    while (taken("&&") || takenWord("and")) {
      Node right = not();
      left = new Node.And(left.at().to(right.at()), left, right);
    }
    return left;
  }

  private Node not() {
    Token first = peek();
    if (!takenWord("not")) {
      return compare();
    }
    enter();
    Node operand = not();
    depth--;
    return new Node.Not(from(first, operand), operand);
  }

  private Node compare() {
    Node left = coalesce();
    Token operator = peek();
    if (!isComparison(operator)) {
      return left;
    }
    next++;
    boolean notIn = operator.isWord("not");
    if (notIn) {
      next++;
    }
    Node right = coalesce();
    if (isComparison(peek())) {
      throw new ExpressionException(
          "comparisons cannot be chained; join two with `and`", peek().start());
    }
    return comparison(operator.text(), left, right, notIn);
  }

  private boolean isComparison(Token token) {
    return switch (token.kind()) {
      case SYMBOL ->
          switch (token.text()) {
            case "==", "!=", "<", "<=", ">", ">=" -> true;
            default -> false;
          };
      case NAME ->
          token.text().equals("in")
              || token.text().equals("matches")
              || (token.text().equals("not") && tokens.get(next + 1).isWord("in"));
      case NUMBER, STRING, ROOT, END -> false;
    };
  }

  private Node comparison(String operator, Node left, Node right, boolean notIn) {
    Span at = left.at().to(right.at());
    return switch (operator) {
      case "==" -> new Node.Equal(at, left, right, false);
      case "!=" -> new Node.Equal(at, left, right, true);
      case "<" -> new Node.Ordered(at, Operator.LESS, left, right);
      case "<=" -> new Node.Ordered(at, Operator.AT_MOST, left, right);
      case ">" -> new Node.Ordered(at, Operator.MORE, left, right);
      case ">=" -> new Node.Ordered(at, Operator.AT_LEAST, left, right);
      case "matches" -> new Node.Matched(at, left, right, constantPattern(right));
      default -> new Node.Contained(at, left, right, notIn);
    };
  }

  private static Pattern constantPattern(Node right) {
    return right instanceof Node.Literal(Span at, String regex)
        ? Patterns.compile(regex, at.start())
        : null;
  }

  private Node coalesce() {
    Node left = sum();
    while (taken("??")) {
      Node right = sum();
      left = new Node.Coalesce(left.at().to(right.at()), left, right);
    }
    return left;
  }

  private Node sum() {
    Node left = product();
    while (true) {
      Operator operator = peek().is("+") ? Operator.PLUS : peek().is("-") ? Operator.MINUS : null;
      if (operator == null) {
        return left;
      }
      next++;
      Node right = product();
      left = new Node.Arithmetic(left.at().to(right.at()), operator, left, right);
    }
  }

  private Node product() {
    Node left = unary();
    while (true) {
      Operator operator =
          peek().is("*")
              ? Operator.TIMES
              : peek().is("/") ? Operator.DIVIDED : peek().is("%") ? Operator.MODULO : null;
      if (operator == null) {
        return left;
      }
      next++;
      Node right = unary();
      left = new Node.Arithmetic(left.at().to(right.at()), operator, left, right);
    }
  }

  private Node unary() {
    Token sign = peek();
    if (!sign.is("-") && !sign.is("!")) {
      return postfix();
    }
    next++;
    enter();
    Node operand = unary();
    depth--;
    Span at = from(sign, operand);
    return sign.is("!") ? new Node.Not(at, operand) : new Node.Negated(at, operand);
  }

  private Node postfix() {
    Token first = peek();
    int place = references.size();
    Node node = primary();
    // The fields of a reference are those that follow its root directly and are constant.
    List<String> fields = node instanceof Node.Root ? new ArrayList<>() : null;
    if (fields != null) {
      references.add(null);
    }
    List<String> open = fields;
    while (peek().is(".") || peek().is("[")) {
      node = peek().is(".") ? member(first, node) : index(first, node);
      open = open == null ? null : extended(open, node);
    }
    if (fields != null) {
      String root = first.text();
      references.set(place, new Reference(root, List.copyOf(fields), first.start()));
    }
    return node;
  }

  /** The fields with the one that this part reads, null if it reads none that is constant. */
  private static List<String> extended(List<String> fields, Node node) {
    String name = null;
    if (node instanceof Node.Field field) {
      name = field.name();
    } else if (node instanceof Node.Index(Span _, Node _, Node.Literal(Span _, String key))) {
      name = key;
    }
    if (name == null) {
      return null;
    }
    fields.add(name);
    return fields;
  }

  private Node member(Token first, Node of) {
    next++;
    Token name = peek();
    if (name.kind() != Token.Kind.NAME) {
      String hint =
          name.kind() == Token.Kind.NUMBER ? "; an element is written `[" + name.text() + "]`" : "";
      throw new ExpressionException("a field's name must follow `.`" + hint, name.start());
    }
    next++;
    if (!peek().is("(")) {
      return new Node.Field(spanFrom(first), of, name.text());
    }
    Macro macro = Macro.of(name.text());
    if (macro != null) {
      return loop(first, of, macro);
    }
    List<Node> arguments = arguments();
    arguments.addFirst(of);
    return call(name, arguments, spanFrom(first));
  }

  private Node index(Token first, Node of) {
    next++;
    Node key = expression();
    expect("]");
    return new Node.Index(spanFrom(first), of, key);
  }

  private Node loop(Token first, Node list, Macro macro) {
    expect("(");
    Token name = peek();
    if (name.kind() != Token.Kind.NAME
        || RESERVED.contains(name.text())
        || !tokens.get(next + 1).is(",")) {
      String shape = "`" + macro.text() + "(x, ...)`";
      throw new ExpressionException(
          "`" + macro.text() + "` begins with a name for the element: " + shape, name.start());
    }
    next++;
    int slot = bound.size();
    bound.add(name.text());
    slots = Math.max(slots, bound.size());
    List<Node> bodies = new ArrayList<>();
    while (taken(",")) {
      bodies.add(expression());
    }
    bound.removeLast();
    expect(")");
    if (bodies.size() > macro.bodiesMax()) {
      String most = macro.bodiesMax() == 1 ? "one expression" : "two expressions";
      throw new ExpressionException(
          "`" + macro.text() + "` takes a name and at most " + most, name.start());
    }
    return new Node.Loop(spanFrom(first), macro, list, slot, List.copyOf(bodies));
  }

  private Node primary() {
    Token token = peek();
    return switch (token.kind()) {
      case NUMBER, STRING -> {
        next++;
        yield new Node.Literal(spanFrom(token), token.value());
      }
      case ROOT -> {
        next++;
        yield new Node.Root(spanFrom(token), token.text());
      }
      case NAME -> name(token);
      case SYMBOL ->
          switch (token.text()) {
            case "(" -> group();
            case "[" -> list(token);
            case "{" -> map(token);
            default -> throw unexpected("a value");
          };
      case END -> throw unexpected("a value");
    };
  }

  private Node group() {
    next++;
    Node inner = expression();
    expect(")");
    return inner;
  }

  private Node name(Token token) {
    next++;
    String name = token.text();
    return switch (name) {
      case "true" -> new Node.Literal(spanFrom(token), true);
      case "false" -> new Node.Literal(spanFrom(token), false);
      case "null" -> new Node.Literal(spanFrom(token), null);
      case "not" ->
          throw new ExpressionException("`not` needs parentheses here: `(not ...)`", token.start());
      case "and", "or", "in", "matches" -> operator(token);
      default -> peek().is("(") ? called(token) : boundName(token);
    };
  }

  /** A word that is an operator, or the function of the same name. */
  private Node operator(Token token) {
    if (token.isWord("matches") && peek().is("(")) {
      return called(token);
    }
    next--;
    throw unexpected("a value");
  }

  private Node boundName(Token token) {
    String name = token.text();
    int slot = bound.lastIndexOf(name);
    if (slot < 0) {
      String hint = "write `$" + name + "` for data or '" + name + "' for a text";
      throw new ExpressionException("`" + name + "` is not known here; " + hint, token.start());
    }
    return new Node.Bound(spanFrom(token), slot);
  }

  private Node called(Token name) {
    List<Node> arguments = arguments();
    Span at = spanFrom(name);
    return switch (name.text()) {
      case "if" -> {
        if (arguments.size() != 3) {
          throw new ExpressionException(
              "`if` takes 3 arguments: `if(condition, then, else)`", name.start());
        }
        yield new Node.Choice(at, arguments.get(0), arguments.get(1), arguments.get(2));
      }
      case "has" -> has(name, arguments, at);
      default -> call(name, arguments, at);
    };
  }

  private Node has(Token name, List<Node> arguments, Span at) {
    if (arguments.size() == 1 && arguments.getFirst() instanceof Node.Field field) {
      return new Node.Has(at, field.of(), new Node.Literal(field.at(), field.name()));
    }
    if (arguments.size() == 1 && arguments.getFirst() instanceof Node.Index index) {
      return new Node.Has(at, index.of(), index.key());
    }
    throw new ExpressionException("`has` takes one field: `has($x.y)`", name.start());
  }

  private Node call(Token name, List<Node> arguments, Span at) {
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

  private List<Node> arguments() {
    expect("(");
    List<Node> arguments = new ArrayList<>();
    if (!taken(")")) {
      do {
        arguments.add(expression());
      } while (taken(","));
      expect(")");
    }
    return arguments;
  }

  private Node list(Token first) {
    next++;
    List<Node> elements = new ArrayList<>();
    if (!taken("]")) {
      do {
        elements.add(expression());
      } while (taken(","));
      expect("]");
    }
    return new Node.ListOf(spanFrom(first), List.copyOf(elements));
  }

  private Node map(Token first) {
    next++;
    List<String> keys = new ArrayList<>();
    List<Node> values = new ArrayList<>();
    if (!taken("}")) {
      do {
        pair(keys, values);
      } while (taken(","));
      expect("}");
    }
    return new Node.MapOf(spanFrom(first), List.copyOf(keys), List.copyOf(values));
  }

  private void pair(List<String> keys, List<Node> values) {
    Token key = peek();
    if (key.kind() != Token.Kind.NAME && key.kind() != Token.Kind.STRING) {
      throw unexpected("a key");
    }
    if (keys.contains(key.text())) {
      throw new ExpressionException(
          "the key `" + key.text() + "` stands twice in one object", key.start());
    }
    next++;
    expect(":");
    keys.add(key.text());
    values.add(expression());
  }

  private Token peek() {
    return tokens.get(next);
  }

  private boolean taken(String symbol) {
    boolean taken = peek().is(symbol);
    next += taken ? 1 : 0;
    return taken;
  }

  private boolean takenWord(String word) {
    boolean taken = peek().isWord(word);
    next += taken ? 1 : 0;
    return taken;
  }

  private void expect(String symbol) {
    if (!taken(symbol)) {
      throw unexpected("`" + symbol + "`");
    }
  }

  /** From that token to the last one read. */
  private Span spanFrom(Token first) {
    return new Span(first.start(), tokens.get(next - 1).end());
  }

  private static Span from(Token first, Node last) {
    return new Span(first.start(), last.at().end());
  }

  private ExpressionException unexpected(String wanted) {
    Token token = peek();
    String found =
        token.isEnd()
            ? "the expression ends"
            : new Span(token.start(), token.end()).of(text) + " stands";
    return new ExpressionException(found + " where " + wanted + " was expected", token.start());
  }
}
