package io.orchestrator.flow;

/** Reads the kinds that pause. */
final class PauseReaders {
  private final Values values;
  private final SpanReader spans;

  PauseReaders(Values values, SpanReader spans) {
    this.values = values;
    this.spans = spans;
  }

  /** {@code wait: 15m} or {@code wait: {until: expr}}. */
  Syntax.Kind pause(Node value, Fields fields, int level) {
    Syntax.Span length;
    if (value instanceof Node.Mapping map) {
      Fields inner = new Fields(map, "wait", values.problems());
      Node until = inner.need("until", "or write the length: wait: 15m");
      length = until == null ? null : spans.until(until, "until");
      inner.finish();
    } else {
      length = spans.span(value, "wait");
    }
    return length == null ? new Syntax.Broken() : new Syntax.Wait(length);
  }

  /** {@code await: {callback: true}}, also beside a call. */
  Syntax.Await modifier(Node value) {
    if (value == null) {
      return null;
    }
    Fields inner = values.fields(value, "await");
    if (inner == null) {
      return null;
    }
    boolean other = inner.has("event") || inner.has("signal");
    if (other) {
      values
          .problems()
          .error(
              Code.BAD_VALUE,
              value.spot(),
              "beside a call, await waits for the call's own callback",
              "wait for an event or a signal in a step of its own");
      return null;
    }
    Node callback = inner.take("callback");
    Boolean wanted = values.bool(callback, "callback");
    Syntax.Span timeout = spans.span(inner.take("timeout"), "timeout");
    inner.finish();
    if (callback == null || Boolean.FALSE.equals(wanted)) {
      values
          .problems()
          .error(
              callback == null ? Code.MISSING_KEY : Code.BAD_VALUE,
              value.spot(),
              "await does not say what it waits for",
              "write {callback: true}, {signal: name} or {event: type, key: expression}");
      return null;
    }
    return wanted == null ? null : new Syntax.Await(timeout);
  }
}
