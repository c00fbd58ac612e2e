package io.orchestrator.flow;

import java.util.List;
import java.util.regex.Pattern;

/** Reads the kinds that call something. */
final class CallReaders {
  private static final Pattern RANGE =
      Pattern.compile("[\\^~]?[0-9]{1,9}(\\.[0-9]{1,9}){0,2}(-[0-9A-Za-z.-]+)?");

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

  /** {@code flow: name@^1.2}. */
  Syntax.Kind flow(Node value, Fields fields, int level) {
    String text = values.text(value, "a flow");
    Node input = fields.take("input");
    Syntax.Data data = values.data(input);
    String mode = values.text(fields.take("mode"), "mode");
    String onCancel = values.text(fields.take("on_cancel"), "on_cancel");
    oneOf(mode, "mode", fields, List.of("wait", "detach"));
    oneOf(onCancel, "on_cancel", fields, List.of("cascade", "leave"));
    if (text == null) {
      return new Syntax.Broken();
    }
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    String range = at < 0 ? "" : text.substring(at + 1);
    if (!Words.isName(name) || (at >= 0 && !RANGE.matcher(range).matches())) {
      boolean named = Words.isName(name);
      values
          .problems()
          .error(
              named ? Code.BAD_VERSION : Code.BAD_NAME,
              value.spot(),
              named
                  ? "'" + range + "' is no range of versions"
                  : "'" + name + "' is not a name of a flow",
              "write name, name@1.2.0, name@^1.2 or name@~1.2.3");
      return new Syntax.Broken();
    }
    return new Syntax.SubFlow(
        value.spot(), name, range, data, "detach".equals(mode), "leave".equals(onCancel));
  }

  private void oneOf(String word, String key, Fields fields, List<String> words) {
    if (word != null && !words.contains(word)) {
      values.badWord(fields.take(key), key, word, words);
    }
  }

  private static boolean isExpression(Node node) {
    return node instanceof Node.Scalar scalar
        && scalar.value() instanceof String text
        && text.startsWith("$");
  }
}
