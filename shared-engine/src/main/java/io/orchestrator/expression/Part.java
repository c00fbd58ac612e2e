package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a template. */
sealed interface Part {
  Object fill(Scope scope, Evaluation.Counter uuids);

  /** Data without an expression in it. */
  record Constant(Object value) implements Part {
    @Override
    public Object fill(Scope scope, Evaluation.Counter uuids) {
      return value;
    }
  }

  /** A text that is one expression. */
  record Value(Expression expression) implements Part {
    @Override
    public Object fill(Scope scope, Evaluation.Counter uuids) {
      return expression.evaluate(scope, uuids);
    }
  }

  /** A text with expressions between constant pieces. */
  record Text(List<Part> pieces) implements Part {
    @Override
    public Object fill(Scope scope, Evaluation.Counter uuids) {
      StringBuilder text = new StringBuilder();
      for (Part piece : pieces) {
        Object value = piece.fill(scope, uuids);
        if (value instanceof Secret) {
          throw new ExpressionException("a secret cannot be part of a text", 0);
        }
        text.append(Values.text(value));
        if (text.length() > Limits.TEXT_CHARACTERS_MAX) {
          throw new ExpressionException(
              "the text has more than " + Limits.TEXT_CHARACTERS_MAX + " characters", 0);
        }
      }
      return text.toString();
    }
  }

  /** A list with an expression somewhere in it. */
  record Items(List<Part> parts) implements Part {
    @Override
    public Object fill(Scope scope, Evaluation.Counter uuids) {
      List<Object> list = new ArrayList<>(parts.size());
      for (Part part : parts) {
        list.add(part.fill(scope, uuids));
      }
      return list;
    }
  }

  /** A map with an expression somewhere in it. */
  record Fields(List<String> keys, List<Part> parts) implements Part {
    @Override
    public Object fill(Scope scope, Evaluation.Counter uuids) {
      Map<String, Object> map = LinkedHashMap.newLinkedHashMap(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        map.put(keys.get(i), parts.get(i).fill(scope, uuids));
      }
      return map;
    }
  }
}
