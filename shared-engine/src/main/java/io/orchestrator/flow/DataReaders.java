package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the kinds that set data or end the flow. */
final class DataReaders {
  static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_-]*(\\.[A-Za-z0-9_.-]+)?");

  private static final Pattern EVENT = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

  private final Values values;

  DataReaders(Values values) {
    this.values = values;
  }

  /** {@code set: {name: value}}. */
  Syntax.Kind assign(Node value, Fields fields, int level) {
    Set<String> names = variables(value, "set");
    if (names.isEmpty()) {
      return new Syntax.Broken();
    }
    Syntax.Data data = values.data(value);
    return data == null ? new Syntax.Broken() : new Syntax.Assign(data, names);
  }

  /** The names that a map of variables sets; empty, with a problem told, if it is none. */
  Set<String> variables(Node node, String what) {
    if (!(node instanceof Node.Mapping map)) {
      values.wrongType(node, what, "a map of names and values");
      return Set.of();
    }
    if (map.entries().isEmpty()) {
      values.problems().error(Code.EMPTY, map.spot(), what + " sets nothing", "");
    }
    map.entries()
        .forEach(
            (name, entry) -> {
              if (!Words.isId(name)) {
                values
                    .problems()
                    .error(
                        Code.BAD_NAME,
                        entry.spot(),
                        "'" + name + "' cannot be a variable",
                        "letters, digits and _, a letter first");
              }
            });
    return map.entries().keySet();
  }

  /** {@code assert: expr} with {@code message} beside it. */
  Syntax.Kind check(Node value, Fields fields, int level) {
    Syntax.Expr condition = values.condition(value, "assert");
    Node text = fields.take("message");
    boolean texts = text == null || values.text(text, "message") != null;
    Syntax.Data message = texts ? values.data(text) : null;
    return condition == null ? new Syntax.Broken() : new Syntax.Assert(condition, message);
  }

  /** {@code return: value}. */
  Syntax.Kind end(Node value, Fields fields, int level) {
    Syntax.Data data = values.data(value);
    return data == null ? new Syntax.Broken() : new Syntax.Return(data);
  }

  /** {@code emit: {type, key, data}}. */
  Syntax.Kind emit(Node value, Fields fields, int level) {
    Fields inner = values.fields(value, "emit");
    if (inner == null) {
      return new Syntax.Broken();
    }
    Node typeNode = inner.need("type", "");
    String type = values.text(typeNode, "type");
    boolean reserved = type != null && type.startsWith("approval.");
    if (reserved || (type != null && !type.contains("$") && !EVENT.matcher(type).matches())) {
      values
          .problems()
          .error(
              Code.BAD_VALUE,
              typeNode.spot(),
              "'" + type + "' cannot be a type of events",
              reserved
                  ? "approval.* is published by approve"
                  : "letters, digits, _ . and -, a letter first: order.imported");
    }
    inner.take("key");
    inner.take("data");
    inner.finish();
    Syntax.Data data = values.data(keyed((Node.Mapping) value));
    return data == null || type == null ? new Syntax.Broken() : new Syntax.Emit(data);
  }

  /**
   * The same map with an expression as its key, as in {@code await}; a key that is none is a text.
   */
  private static Node keyed(Node.Mapping event) {
    if (!(event.get("key") instanceof Node.Scalar key
        && key.value() instanceof String text
        && isExpression(text))) {
      return event;
    }
    Map<String, Node.Entry> entries = new LinkedHashMap<>(event.entries());
    Node.Scalar filled = new Node.Scalar(key.spot(), "${ " + text + " }", key.offsets().from(-3));
    entries.put("key", new Node.Entry(event.entries().get("key").spot(), filled));
    return new Node.Mapping(event.spot(), entries);
  }

  private static boolean isExpression(String text) {
    if (text.startsWith("$") || text.contains("${")) {
      return false;
    }
    try {
      return Expression.parse(text) != null;
    } catch (ExpressionException none) {
      return false;
    }
  }

  /** {@code raise: {type, message, retryable, data}}. */
  Syntax.Kind raise(Node value, Fields fields, int level) {
    Fields inner = values.fields(value, "raise");
    if (inner == null) {
      return new Syntax.Broken();
    }
    Node typeNode = inner.need("type", "");
    String type = values.text(typeNode, "type");
    if (type != null && !type.startsWith("$") && !TYPE.matcher(type).matches()) {
      values
          .problems()
          .error(
              Code.BAD_VALUE,
              typeNode.spot(),
              "'" + type + "' cannot be an error type",
              "lower case: out_of_stock");
    }
    inner.take("message");
    inner.take("data");
    Node retryable = inner.take("retryable");
    if (retryable instanceof Node.Scalar scalar && !(scalar.value() instanceof String)) {
      values.bool(scalar, "retryable");
    }
    inner.finish();
    Syntax.Data data = values.data(value);
    return data == null ? new Syntax.Broken() : new Syntax.Raise(data);
  }
}
