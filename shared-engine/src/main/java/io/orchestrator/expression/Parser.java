package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Builds the parts of one expression from its tokens, by descent. */
final class Parser {
  private static final Set<String> RESERVED =
      Set.of("true", "false", "null", "and", "or", "not", "in", "matches");

  private final Cursor cursor;
  private final List<Reference> references = new ArrayList<>();
  private final List<String> bound = new ArrayList<>();
  private int slots;
  private int depth = -1;

  Parser(String text, List<Token> tokens) {
    this.cursor = new Cursor(text, tokens);
  }

  /** The whole as one part. */
  Node parse() {
    if (cursor.peek().isEnd()) {
      throw new ExpressionException("the expression is empty", cursor.peek().start());
    }
    Node node = expression();
    if (!cursor.peek().isEnd()) {
      throw cursor.unexpected("the end of the expression");
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
    if (cursor.taken("?")) {
      Node then = expression();
      cursor.expect(":");
      Node otherwise = expression();
      node = new Node.Choice(condition.at().to(otherwise.at()), condition, then, otherwise);
    }
    depth--;
    return node;
  }

  private void enter() {
    if (++depth > Limits.EXPRESSION_DEPTH_MAX) {
      throw new ExpressionException(
          "the expression is nested deeper than " + Limits.EXPRESSION_DEPTH_MAX,
          cursor.peek().start());
    }
  }

  private Node or() {
    Node left = and();
    while (cursor.taken("||") || cursor.takenWord("or")) {
      Node right = and();
      left = new Node.Or(left.at().to(right.at()), left, right);
    }
    return left;
  }

  private Node and() {
    Node left = not();
    while (cursor.taken("&&") || cursor.takenWord("and")) {
      Node right = not();
      left = new Node.And(left.at().to(right.at()), left, right);
    }
    return left;
  }

  private Node not() {
    Token first = cursor.peek();
    if (!cursor.takenWord("not")) {
      return compare();
    }
    enter();
    Node operand = not();
    depth--;
    return new Node.Not(from(first, operand), operand);
  }

  private Node compare() {
    Node left = coalesce();
    Token operator = cursor.peek();
    if (!Comparisons.isNext(cursor)) {
      return left;
    }
    cursor.skip();
    boolean notIn = operator.isWord("not");
    if (notIn) {
      cursor.skip();
    }
    Node right = coalesce();
    if (Comparisons.isNext(cursor)) {
      throw new ExpressionException(
          "comparisons cannot be chained; join two with `and`", cursor.peek().start());
    }
    return Comparisons.of(operator.text(), left, right, notIn);
  }

  private Node coalesce() {
    Node left = sum();
    while (cursor.taken("??")) {
      Node right = sum();
      left = new Node.Coalesce(left.at().to(right.at()), left, right);
    }
    return left;
  }

  private Node sum() {
    Node left = product();
    while (true) {
      Operator operator =
          cursor.peek().is("+") ? Operator.PLUS : cursor.peek().is("-") ? Operator.MINUS : null;
      if (operator == null) {
        return left;
      }
      cursor.skip();
      Node right = product();
      left = new Node.Arithmetic(left.at().to(right.at()), operator, left, right);
    }
  }

  private Node product() {
    Node left = unary();
    while (true) {
      Operator operator =
          cursor.peek().is("*")
              ? Operator.TIMES
              : cursor.peek().is("/")
                  ? Operator.DIVIDED
                  : cursor.peek().is("%") ? Operator.MODULO : null;
      if (operator == null) {
        return left;
      }
      cursor.skip();
      Node right = unary();
      left = new Node.Arithmetic(left.at().to(right.at()), operator, left, right);
    }
  }

  private Node unary() {
    Token sign = cursor.peek();
    if (!sign.is("-") && !sign.is("!")) {
      return postfix();
    }
    cursor.skip();
    enter();
    Node operand = unary();
    depth--;
    Span at = from(sign, operand);
    return sign.is("!") ? new Node.Not(at, operand) : new Node.Negated(at, operand);
  }

  private Node postfix() {
    Token first = cursor.peek();
    int place = references.size();
    Node node = primary();
    // The fields of a reference are those that follow its root directly and are constant.
    List<String> fields = node instanceof Node.Root ? new ArrayList<>() : null;
    if (fields != null) {
      references.add(null);
    }
    List<String> open = fields;
    while (cursor.peek().is(".") || cursor.peek().is("[")) {
      node = cursor.peek().is(".") ? member(first, node) : index(first, node);
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
    cursor.skip();
    Token name = cursor.peek();
    if (name.kind() != Token.Kind.NAME) {
      String hint =
          name.kind() == Token.Kind.NUMBER ? "; an element is written `[" + name.text() + "]`" : "";
      throw new ExpressionException("a field's name must follow `.`" + hint, name.start());
    }
    cursor.skip();
    if (!cursor.peek().is("(")) {
      return new Node.Field(cursor.spanFrom(first), of, name.text());
    }
    Macro macro = Macro.of(name.text());
    if (macro != null) {
      return loop(first, of, macro);
    }
    List<Node> arguments = arguments();
    arguments.addFirst(of);
    return Calls.function(name, arguments, cursor.spanFrom(first));
  }

  private Node index(Token first, Node of) {
    cursor.skip();
    Node key = expression();
    cursor.expect("]");
    return new Node.Index(cursor.spanFrom(first), of, key);
  }

  private Node loop(Token first, Node list, Macro macro) {
    cursor.expect("(");
    Token name = cursor.peek();
    if (name.kind() != Token.Kind.NAME
        || RESERVED.contains(name.text())
        || !cursor.second().is(",")) {
      String shape = "`" + macro.text() + "(x, ...)`";
      throw new ExpressionException(
          "`" + macro.text() + "` begins with a name for the element: " + shape, name.start());
    }
    cursor.skip();
    int slot = bound.size();
    bound.add(name.text());
    slots = Math.max(slots, bound.size());
    List<Node> bodies = new ArrayList<>();
    while (cursor.taken(",")) {
      bodies.add(expression());
    }
    bound.removeLast();
    cursor.expect(")");
    if (bodies.size() > macro.bodiesMax()) {
      String most = macro.bodiesMax() == 1 ? "one expression" : "two expressions";
      throw new ExpressionException(
          "`" + macro.text() + "` takes a name and at most " + most, name.start());
    }
    return new Node.Loop(cursor.spanFrom(first), macro, list, slot, List.copyOf(bodies));
  }

  private Node primary() {
    Token token = cursor.peek();
    return switch (token.kind()) {
      case NUMBER, STRING -> {
        cursor.skip();
        yield new Node.Literal(cursor.spanFrom(token), token.value());
      }
      case ROOT -> {
        cursor.skip();
        yield new Node.Root(cursor.spanFrom(token), token.text());
      }
      case NAME -> name(token);
      case SYMBOL ->
          switch (token.text()) {
            case "(" -> group();
            case "[" -> list(token);
            case "{" -> map(token);
            default -> throw cursor.unexpected("a value");
          };
      case END -> throw cursor.unexpected("a value");
    };
  }

  private Node group() {
    cursor.skip();
    Node inner = expression();
    cursor.expect(")");
    return inner;
  }

  private Node name(Token token) {
    cursor.skip();
    String name = token.text();
    return switch (name) {
      case "true" -> new Node.Literal(cursor.spanFrom(token), true);
      case "false" -> new Node.Literal(cursor.spanFrom(token), false);
      case "null" -> new Node.Literal(cursor.spanFrom(token), null);
      case "not" ->
          throw new ExpressionException("`not` needs parentheses here: `(not ...)`", token.start());
      case "and", "or", "in", "matches" -> operator(token);
      default -> cursor.peek().is("(") ? called(token) : boundName(token);
    };
  }

  /** A word that is an operator, or the function of the same name. */
  private Node operator(Token token) {
    if (token.isWord("matches") && cursor.peek().is("(")) {
      return called(token);
    }
    throw cursor.unexpected(token, "a value");
  }

  private Node called(Token name) {
    List<Node> arguments = arguments();
    return Calls.of(name, arguments, cursor.spanFrom(name));
  }

  private Node boundName(Token token) {
    String name = token.text();
    int slot = bound.lastIndexOf(name);
    if (slot < 0) {
      String hint = "write `$" + name + "` for data or '" + name + "' for a text";
      throw new ExpressionException("`" + name + "` is not known here; " + hint, token.start());
    }
    return new Node.Bound(cursor.spanFrom(token), slot);
  }

  private List<Node> arguments() {
    cursor.expect("(");
    List<Node> arguments = new ArrayList<>();
    if (!cursor.taken(")")) {
      do {
        arguments.add(expression());
      } while (cursor.taken(","));
      cursor.expect(")");
    }
    return arguments;
  }

  private Node list(Token first) {
    cursor.skip();
    List<Node> elements = new ArrayList<>();
    if (!cursor.taken("]")) {
      do {
        elements.add(expression());
      } while (cursor.taken(","));
      cursor.expect("]");
    }
    return new Node.ListOf(cursor.spanFrom(first), List.copyOf(elements));
  }

  private Node map(Token first) {
    cursor.skip();
    List<String> keys = new ArrayList<>();
    List<Node> values = new ArrayList<>();
    if (!cursor.taken("}")) {
      do {
        pair(keys, values);
      } while (cursor.taken(","));
      cursor.expect("}");
    }
    return new Node.MapOf(cursor.spanFrom(first), List.copyOf(keys), List.copyOf(values));
  }

  private void pair(List<String> keys, List<Node> values) {
    Token key = cursor.peek();
    if (key.kind() != Token.Kind.NAME && key.kind() != Token.Kind.STRING) {
      throw cursor.unexpected("a key");
    }
    if (keys.contains(key.text())) {
      throw new ExpressionException(
          "the key `" + key.text() + "` stands twice in one object", key.start());
    }
    cursor.skip();
    cursor.expect(":");
    keys.add(key.text());
    values.add(expression());
  }

  private static Span from(Token first, Node last) {
    return new Span(first.start(), last.at().end());
  }
}
