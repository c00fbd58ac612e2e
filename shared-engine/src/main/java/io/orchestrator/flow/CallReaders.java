package io.orchestrator.flow;

/** Reads the kinds that call something. */
final class CallReaders {
  private final Values values;
  private final PauseReaders pauses;

  CallReaders(Values values, PauseReaders pauses) {
    this.values = values;
    this.pauses = pauses;
  }

  /** {@code adapter: name}. */
  Syntax.Kind call(Node value, Fields fields, int level) {
    String adapter = values.name(value, "an adapter", Words::isName);
    Node actionNode = fields.take("action");
    String action = values.name(actionNode, "an action", Words::isName);
    Node params = fields.take("params");
    if (params != null && !(params instanceof Node.Mapping) && !isExpression(params)) {
      values.wrongType(params, "params", "a map");
    }
    Syntax.Data data = values.data(params);
    Syntax.Await await = pauses.modifier(fields.take("await"));
    if (adapter == null) {
      return new Syntax.Broken();
    }
    Spot actionSpot = actionNode == null ? value.spot() : actionNode.spot();
    return new Syntax.Call(
        value.spot(), adapter, actionSpot, action == null ? "" : action, data, await);
  }

  /** {@code use: name}. */
  Syntax.Kind use(Node value, Fields fields, int level) {
    String name = values.name(value, "a definition", Words::isName);
    Node with = fields.take("with");
    if (with != null && !(with instanceof Node.Mapping) && !isExpression(with)) {
      values.wrongType(with, "with", "a map");
    }
    Syntax.Data data = values.data(with);
    return name == null ? new Syntax.Broken() : new Syntax.Use(value.spot(), name, data);
  }

  private static boolean isExpression(Node node) {
    return node instanceof Node.Scalar scalar
        && scalar.value() instanceof String text
        && text.startsWith("$");
  }
}
