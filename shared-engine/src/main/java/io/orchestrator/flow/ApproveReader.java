package io.orchestrator.flow;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code approve}. */
final class ApproveReader {
  private static final List<String> OPTIONS = List.of("approve", "reject");
  private static final Pattern OPTION = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
  private static final Pattern PERSON = Pattern.compile("(role|user):[^\\s,]{1,200}");

  private final Values values;
  private final SpanReader spans;

  ApproveReader(Values values, SpanReader spans) {
    this.values = values;
    this.spans = spans;
  }

  /** {@code approve: {title, to, options, form, quorum, remind, escalate, timeout}}. */
  Syntax.Kind approve(Node value, Fields fields, int level) {
    Fields inner = values.fields(value, "approve");
    if (inner == null) {
      return new Syntax.Broken();
    }
    Node titleNode = inner.need("title", "say what is to be decided");
    if (titleNode != null) {
      values.text(titleNode, "title");
    }
    Syntax.Data title = values.data(titleNode);
    Syntax.Data to = people(inner.take("to"), "to");
    List<String> options = options(inner.take("options"));
    Map<String, Object> form = InputSchema.read(inner.take("form"), values.problems());
    int quorum = quorum(inner.take("quorum"));
    Syntax.Span remind = spans.span(inner.take("remind"), "remind");
    Syntax.Escalation escalate = escalation(inner.take("escalate"));
    Node timeoutNode = inner.take("timeout");
    if (timeoutNode != null && fields.has("timeout")) {
      values
          .problems()
          .error(
              Code.BAD_VALUE,
              fields.key("timeout"),
              "the approve has a timeout already",
              "remove one of the two");
    }
    Syntax.Span timeout = spans.span(timeoutNode, "timeout");
    inner.finish();
    return title == null
        ? new Syntax.Broken()
        : new Syntax.Approve(title, to, options, form, quorum, remind, escalate, timeout);
  }

  private List<String> options(Node node) {
    if (node == null) {
      return OPTIONS;
    }
    if (node instanceof Node.Sequence list && list.items().isEmpty()) {
      values.problems().error(Code.EMPTY, list.spot(), "options is an empty list", "");
    }
    List<String> options = values.texts(node, "options");
    for (String option : options) {
      if (!OPTION.matcher(option).matches()) {
        bad(node, "'" + option + "' cannot be an option", "letters, digits, _ and -");
      }
    }
    if (new LinkedHashSet<>(options).size() < options.size()) {
      bad(node, "an option is there twice", "");
    }
    return options;
  }

  /** One or more of {@code role:x} and {@code user:y}, or expressions that give them. */
  private Syntax.Data people(Node node, String what) {
    if (node instanceof Node.Sequence list) {
      if (list.items().isEmpty()) {
        values.problems().error(Code.EMPTY, list.spot(), what + " names nobody", "");
      }
      list.items().forEach(item -> person(item, what));
    } else if (node != null) {
      person(node, what);
    }
    return values.data(node);
  }

  private void person(Node node, String what) {
    String text = values.text(node, what);
    if (text != null && !text.contains("$") && !PERSON.matcher(text).matches()) {
      bad(node, "'" + text + "' is nobody", "write role:finance or user:ann");
    }
  }

  private int quorum(Node node) {
    if (node == null) {
      return 1;
    }
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof Number number) {
      if (number.intValue() >= 1
          && number.intValue() <= FlowLimits.QUORUM_MAX
          && number.doubleValue() == number.intValue()) {
        return number.intValue();
      }
      bad(node, "a quorum is 1 to " + FlowLimits.QUORUM_MAX + " persons", "");
      return 1;
    }
    values.wrongType(node, "quorum", "a number of persons");
    return 1;
  }

  private Syntax.Escalation escalation(Node node) {
    Fields inner = node == null ? null : values.fields(node, "escalate");
    if (inner == null) {
      return null;
    }
    Syntax.Span after = spans.span(inner.need("after", "after: 1d"), "after");
    Syntax.Data to = people(inner.need("to", "to: [role:boss]"), "to");
    inner.finish();
    return after == null || to == null ? null : new Syntax.Escalation(after, to);
  }

  private void bad(Node node, String message, String hint) {
    values.problems().error(Code.BAD_VALUE, node.spot(), message, hint);
  }
}
