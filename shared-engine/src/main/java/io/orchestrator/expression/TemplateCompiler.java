package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the expressions in data, and every fault on the way. */
final class TemplateCompiler {
  private final List<Expression> expressions = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>();
  private final List<Secret> secrets = new ArrayList<>();
  private final List<ExpressionException> faults = new ArrayList<>();

  List<Expression> expressions() {
    return expressions;
  }

  /** Where each of the expressions begins in the text that holds it. */
  List<Integer> offsets() {
    return offsets;
  }

  List<Secret> secrets() {
    return secrets;
  }

  List<ExpressionException> faults() {
    return faults;
  }

  Part compile(Object data) {
    return compile(data, "");
  }

  private Part compile(Object data, String pointer) {
    if (data instanceof String text) {
      try {
        return text(text);
      } catch (ExpressionException fault) {
        faults.add(fault.in(pointer));
        return new Part.Constant(text);
      }
    }
    if (data instanceof List<?> list) {
      return items(list, pointer);
    }
    return data instanceof Map<?, ?> map ? fields(map, pointer) : new Part.Constant(data);
  }

  private Part items(List<?> list, String pointer) {
    List<Part> parts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      parts.add(compile(list.get(i), pointer + "/" + i));
    }
    return simplified(new Part.Items(List.copyOf(parts)), parts);
  }

  private Part fields(Map<?, ?> map, String pointer) {
    if (map.size() == 1 && map.get("secret") instanceof String name) {
      return secret(name, pointer + "/secret");
    }
    List<String> keys = new ArrayList<>(map.size());
    List<Part> parts = new ArrayList<>(map.size());
    map.forEach(
        (key, value) -> {
          keys.add((String) key);
          parts.add(
              compile(value, pointer + "/" + ((String) key).replace("~", "~0").replace("/", "~1")));
        });
    return simplified(new Part.Fields(List.copyOf(keys), List.copyOf(parts)), parts);
  }

  /** What holds constants only is one itself, filled here once for all. */
  private static Part simplified(Part whole, List<Part> parts) {
    for (Part part : parts) {
      if (!(part instanceof Part.Constant)) {
        return whole;
      }
    }
    return new Part.Constant(whole.fill(null, null));
  }

  private Part secret(String name, String pointer) {
    if (name.isBlank() || name.indexOf('$') >= 0) {
      faults.add(
          new ExpressionException("a secret is named by a constant, not by an expression", 0)
              .in(pointer));
    }
    Secret secret = new Secret(name);
    secrets.add(secret);
    return new Part.Constant(secret);
  }

  private Part text(String text) {
    if (text.length() > 1 && text.charAt(0) == '$' && isLetter(text.charAt(1))) {
      return new Part.Value(whole(text));
    }
    boolean dollar = text.startsWith("$$");
    List<Part> pieces = new ArrayList<>();
    int done = dollar ? 1 : 0;
    for (int open = text.indexOf("${", dollar ? 2 : 0);
        open >= 0;
        open = text.indexOf("${", done)) {
      if (open > done) {
        pieces.add(new Part.Constant(text.substring(done, open)));
      }
      done = embedded(text, open, pieces);
    }
    if (pieces.isEmpty()) {
      return new Part.Constant(text.substring(done));
    }
    if (done < text.length()) {
      pieces.add(new Part.Constant(text.substring(done)));
    }
    return new Part.Text(List.copyOf(pieces));
  }

  private static boolean isLetter(char c) {
    return c != '_' && Lexer.isNameStart(c);
  }

  private Expression whole(String text) {
    try {
      return added(Expression.parse(text), 0);
    } catch (ExpressionException fault) {
      String hint =
          "; a text that begins with `$` and a letter is one expression: write `${ }` around each"
              + " expression in a text, or `$$` for the sign";
      throw new ExpressionException(fault.getMessage() + hint, fault.offset());
    }
  }

  /** Compiles the expression that opens here and gives the place behind its closing brace. */
  private int embedded(String text, int open, List<Part> pieces) {
    List<Token> tokens = Lexer.embedded(text, open + 2);
    int close = tokens.getLast().start();
    if (close >= text.length()) {
      throw new ExpressionException("`${` has no closing `}`", open);
    }
    int start = tokens.getFirst().start();
    try {
      pieces.add(
          new Part.Value(
              added(Expression.parse(text.substring(start, close).stripTrailing()), start)));
    } catch (ExpressionException fault) {
      throw new ExpressionException(fault.getMessage(), start + Math.max(0, fault.offset()));
    }
    return close + 1;
  }

  private Expression added(Expression expression, int offset) {
    expressions.add(expression);
    offsets.add(offset);
    return expression;
  }
}
