package io.orchestrator.expression;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The values that a function was called with; asks for the type that it needs and names the part
 * that has another.
 */
final class Arguments {
  private final Evaluation evaluation;
  private final Node.Call call;
  private final Object[] values;

  Arguments(Evaluation evaluation, Node.Call call, Object[] values) {
    this.evaluation = evaluation;
    this.call = call;
    this.values = values;
  }

  Evaluation evaluation() {
    return evaluation;
  }

  Node.Call call() {
    return call;
  }

  List<?> values() {
    return Arrays.asList(values);
  }

  int size() {
    return values.length;
  }

  boolean has(int i) {
    return i < values.length;
  }

  Object value(int i) {
    return values[i];
  }

  String text(int i) {
    if (values[i] instanceof String text) {
      evaluation.read(text);
      return text;
    }
    throw needs(i, "a string");
  }

  Object number(int i) {
    if (Numbers.isNumber(values[i])) {
      return values[i];
    }
    throw needs(i, "a number");
  }

  BigDecimal decimal(int i) {
    return Numbers.decimal(number(i));
  }

  /** An integer of ordinary size. */
  int integer(int i) {
    Object number = number(i);
    Object whole = number instanceof BigDecimal decimal ? Numbers.whole(decimal) : number;
    if (whole instanceof Long value && value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE) {
      return value.intValue();
    }
    throw fault(i, "must be an integer between -2147483648 and 2147483647");
  }

  List<?> list(int i) {
    if (values[i] instanceof List<?> list) {
      evaluation.count(list.size());
      return list;
    }
    throw needs(i, "an array");
  }

  Map<?, ?> map(int i) {
    if (values[i] instanceof Map<?, ?> map) {
      evaluation.count(map.size());
      return map;
    }
    throw needs(i, "an object");
  }

  /** A text that the function has made, paid for. */
  String made(String text) {
    evaluation.made(call, text.length());
    return text;
  }

  ExpressionException needs(int i, String type) {
    Node node = call.arguments().get(i);
    String hint = values[i] == null ? "; give a default with `??`" : "";
    return evaluation.error(
        node, name() + " needs " + type + ": " + evaluation.told(node, values[i]) + hint);
  }

  /** A value of the right type that will not do; the rule reads on from the part's name. */
  ExpressionException fault(int i, String rule) {
    Node node = call.arguments().get(i);
    return evaluation.error(node, name() + ": " + evaluation.named(node) + " " + rule);
  }

  /** A fault of the call as a whole. */
  ExpressionException fault(String message) {
    return evaluation.error(call, name() + ": " + message);
  }

  private String name() {
    return "`" + call.function().text() + "`";
  }
}
