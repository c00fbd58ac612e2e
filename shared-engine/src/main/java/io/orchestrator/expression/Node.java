package io.orchestrator.expression;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a parsed expression. It answers for itself instead of a switch over all parts: a
 * virtual call is what a cold JVM links fastest and a warm one inlines best.
 */
sealed interface Node {
  /** Where it stands in the text. */
  Span at();

  /** Its value; ask through {@link Evaluation#value}, which counts. */
  Object evaluate(Evaluation e);

  /** A constant. */
  record Literal(Span at, Object value) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return value;
    }
  }

  /** {@code $name}. */
  record Root(Span at, String name) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return e.scope().root(name);
    }
  }

  /** The name that a macro binds. */
  record Bound(Span at, int slot) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return e.bound(slot);
    }
  }

  /** {@code of.name}. */
  record Field(Span at, Node of, String name) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object holder = e.value(of);
      if (holder instanceof Map<?, ?> map) {
        return map.get(name);
      }
      if (holder == null) {
        return null;
      }
      throw e.error(of, "field `" + name + "` cannot be read: " + e.told(of, holder));
    }
  }

  /** {@code of[key]}. */
  record Index(Span at, Node of, Node key) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object holder = e.value(of);
      Object index = e.value(key);
      if (holder == null) {
        return null;
      }
      if (holder instanceof List<?> list && Numbers.isNumber(index)) {
        int i = Numbers.index(index);
        return i >= 0 && i < list.size() ? list.get(i) : null;
      }
      if (holder instanceof Map<?, ?> map && index instanceof String) {
        return map.get(index);
      }
      String rule = "`[ ]` needs an array and a number or an object and a string: ";
      throw e.error(of, rule + e.told(of, holder) + ", " + e.told(key, index));
    }
  }

  /** {@code has(of.name)}: whether the field is there, be it null. */
  record Has(Span at, Node of, Node key) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object holder = e.value(of);
      Object index = e.value(key);
      if (holder instanceof Map<?, ?> map && index instanceof String) {
        return map.containsKey(index);
      }
      if (holder instanceof List<?> list && Numbers.isNumber(index)) {
        int i = Numbers.index(index);
        return i >= 0 && i < list.size();
      }
      if (holder == null) {
        return false;
      }
      throw e.error(
          of, "`has` cannot look there: " + e.told(of, holder) + ", " + e.told(key, index));
    }
  }

  /** {@code !x}, {@code not x}. */
  record Not(Span at, Node operand) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return !e.holds(operand);
    }
  }

  /** {@code -x}. */
  record Negated(Span at, Node operand) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object value = e.value(operand);
      if (!Numbers.isNumber(value)) {
        throw e.error(operand, "`-` needs a number: " + e.told(operand, value));
      }
      return e.arithmetic(this, Operator.MINUS, 0L, value);
    }
  }

  /** {@code a && b}; the right side is only looked at if the left one holds. */
  record And(Span at, Node left, Node right) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return e.holds(left) && e.holds(right);
    }
  }

  /** {@code a || b}; the right side is only looked at if the left one does not hold. */
  record Or(Span at, Node left, Node right) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return e.holds(left) || e.holds(right);
    }
  }

  /** {@code c ? a : b} and {@code if(c, a, b)}. */
  record Choice(Span at, Node condition, Node then, Node otherwise) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return e.value(e.holds(condition) ? then : otherwise);
    }
  }

  /** {@code a ?? b}. */
  record Coalesce(Span at, Node left, Node right) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object value = e.value(left);
      return value != null ? value : e.value(right);
    }
  }

  /** {@code a == b}, {@code a != b}. */
  record Equal(Span at, Node left, Node right, boolean negated) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      return Values.equal(e.value(left), e.value(right), e) != negated;
    }
  }

  /** {@code a < b} and its like. */
  record Ordered(Span at, Operator operator, Node left, Node right) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object a = e.value(left);
      Object b = e.value(right);
      if (!Values.areOrdered(a, b)) {
        String rule = "`" + operator.symbol() + "` needs two numbers or two strings: ";
        throw e.error(
            a == null || b != null ? left : right,
            rule + e.told(left, a) + ", " + e.told(right, b));
      }
      int order = Values.compare(a, b);
      return switch (operator) {
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
        case MORE -> order > 0;
        case AT_LEAST -> order >= 0;
        case PLUS, MINUS, TIMES, DIVIDED, MODULO ->
            throw new IllegalStateException("the parser made " + operator);
      };
    }
  }

  /** {@code a in b}, {@code a not in b}. */
  record Contained(Span at, Node left, Node right, boolean negated) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object element = e.value(left);
      Object holder = e.value(right);
      if (holder instanceof List<?> list) {
        return Values.contains(list, element, e) != negated;
      }
      if (holder instanceof Map<?, ?> map) {
        return (element instanceof String && map.containsKey(element)) != negated;
      }
      String hint =
          holder == null
              ? "; give a default: `?? []`"
              : holder instanceof String ? "; use `contains`" : "";
      throw e.error(
          right, "`in` needs an array or an object on its right: " + e.told(right, holder) + hint);
    }
  }

  /**
   * {@code a matches b}; a constant pattern is compiled once, otherwise {@code pattern} is null.
   */
  record Matched(Span at, Node left, Node right, Pattern pattern) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object text = e.value(left);
      Object source = pattern == null ? e.value(right) : "";
      if (!(text instanceof String subject) || !(source instanceof String regex)) {
        String fault = text instanceof String ? e.told(right, source) : e.told(left, text);
        throw e.error(
            text instanceof String ? right : left, "`matches` needs two strings: " + fault);
      }
      return Patterns.matches(pattern == null ? e.pattern(right, regex) : pattern, subject, e);
    }
  }

  /** {@code a + b} and its like. */
  record Arithmetic(Span at, Operator operator, Node left, Node right) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object a = e.value(left);
      Object b = e.value(right);
      if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
        return e.arithmetic(this, operator, a, b);
      }
      if (operator == Operator.PLUS && a instanceof String x && b instanceof String y) {
        return e.made(this, x.length() + (long) y.length()) ? x.concat(y) : "";
      }
      if (operator == Operator.PLUS && a instanceof List<?> x && b instanceof List<?> y) {
        return Values.joined(x, y, e);
      }
      throw mismatch(e, a, b);
    }

    private ExpressionException mismatch(Evaluation e, Object a, Object b) {
      String needs =
          operator == Operator.PLUS ? "two numbers, two strings or two arrays" : "two numbers";
      Node named = a == null || (b != null && !Numbers.isNumber(a)) ? left : right;
      String hint = a == null || b == null ? "; give a default with `??`" : "";
      String rule = "`" + operator.symbol() + "` needs " + needs + ": ";
      return e.error(named, rule + e.told(left, a) + ", " + e.told(right, b) + hint);
    }
  }

  /** {@code [a, b]}. */
  record ListOf(Span at, List<Node> elements) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      List<Object> list = new ArrayList<>(elements.size());
      for (Node element : elements) {
        list.add(e.value(element));
      }
      return list;
    }
  }

  /** {@code {name: a}}. */
  record MapOf(Span at, List<String> keys, List<Node> values) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Map<String, Object> map = LinkedHashMap.newLinkedHashMap(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        map.put(keys.get(i), e.value(values.get(i)));
      }
      return map;
    }
  }

  /** {@code f(a, b)}, {@code a.f(b)}. */
  record Call(Span at, Function function, List<Node> arguments) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object[] values = new Object[arguments.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = e.value(arguments.get(i));
      }
      return Functions.call(new Arguments(e, this, values));
    }
  }

  /** {@code list.macro(name, body)}; the name's value stands in {@code slot}. */
  record Loop(Span at, Macro macro, Node list, int slot, List<Node> bodies) implements Node {
    @Override
    public Object evaluate(Evaluation e) {
      Object value = e.value(list);
      if (value instanceof List<?> elements) {
        return Loops.run(this, elements, e);
      }
      String keys = value instanceof Map ? "; use `keys` or `values`" : "";
      String hint = value == null ? "; give a default: `?? []`" : keys;
      throw e.error(list, "`" + macro.text() + "` needs an array: " + e.told(list, value) + hint);
    }
  }
}
