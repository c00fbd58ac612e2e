package io.orchestrator.flow;

import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code await} as a step of its own: for a callback, a signal or an event. */
final class AwaitReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
  private static final List<String> FORMS = List.of("callback", "signal", "event");

  private final Values values;
  private final SpanReader spans;
  private final PauseReaders pauses;

  AwaitReader(Values values, SpanReader spans, PauseReaders pauses) {
    this.values = values;
    this.spans = spans;
    this.pauses = pauses;
  }

  /** The step's own timeout says how long it waits, unless the await says it. */
  Syntax.Kind await(Node value, Fields fields, int level) {
    if (value instanceof Node.Mapping map && fields.has("timeout") && map.get("timeout") != null) {
      error(
          Code.BAD_VALUE,
          fields.key("timeout"),
          "the await has a timeout already",
          "remove one of the two");
    }
    if (!(value instanceof Node.Mapping map)) {
      return or(pauses.modifier(value));
    }
    List<String> forms = FORMS.stream().filter(form -> map.get(form) != null).toList();
    if (forms.size() > 1) {
      error(
          Code.BAD_VALUE,
          map.entries().get(forms.get(1)).spot(),
          "an await waits for one thing, not for " + String.join(" and ", forms),
          "wait for several with a parallel");
      return new Syntax.Broken();
    }
    String form = forms.isEmpty() ? "callback" : forms.getFirst();
    return switch (form) {
      case "signal" -> signal(map);
      case "event" -> event(map);
      default -> or(pauses.modifier(value));
    };
  }

  private static Syntax.Kind or(Syntax.Await await) {
    return await == null ? new Syntax.Broken() : await;
  }

  private Syntax.Kind signal(Node.Mapping map) {
    Fields inner = new Fields(map, "await", values.problems());
    String name = name(inner.take("signal"), "signal");
    Syntax.Span timeout = spans.span(inner.take("timeout"), "timeout");
    inner.finish();
    return name == null ? new Syntax.Broken() : new Syntax.AwaitSignal(name, timeout);
  }

  private Syntax.Kind event(Node.Mapping map) {
    Fields inner = new Fields(map, "await", values.problems());
    String type = name(inner.take("event"), "event");
    Syntax.Expr key = values.expression(inner.take("key"), "key");
    Syntax.Expr match = values.condition(inner.take("match"), "match");
    Node bufferNode = inner.take("buffer");
    Syntax.Span buffer = spans.span(bufferNode, "buffer");
    if (buffer != null
        && buffer.span() instanceof TimeSpan.Fixed fixed
        && fixed.duration().compareTo(FlowLimits.EVENT_KEPT) > 0) {
      error(
          Code.BAD_DURATION,
          bufferNode.spot(),
          "events are kept for " + FlowLimits.EVENT_KEPT.toDays() + " days",
          "write a shorter buffer");
    }
    Syntax.Span timeout = spans.span(inner.take("timeout"), "timeout");
    inner.finish();
    return type == null
        ? new Syntax.Broken()
        : new Syntax.AwaitEvent(type, key, match, buffer, timeout);
  }

  private String name(Node node, String what) {
    String name = values.text(node, what);
    if (name == null || NAME.matcher(name).matches()) {
      return name;
    }
    error(
        Code.BAD_VALUE,
        node.spot(),
        "'" + name + "' cannot be a name of " + (what.equals("event") ? "an event" : "a signal"),
        "letters, digits, _ . and -, a letter first, at most 100");
    return null;
  }

  private void error(Code code, Spot spot, String message, String hint) {
    values.problems().error(code, spot, message, hint);
  }
}
