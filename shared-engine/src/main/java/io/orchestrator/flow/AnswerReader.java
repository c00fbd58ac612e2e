package io.orchestrator.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads what the world answers to the steps of a test. */
final class AnswerReader {
  private static final String ERROR = "error";
  private static final String AFTER = "$after";
  private static final String VALUE = "$value";
  private static final String OUTPUT = "$output";
  private static final String UNANSWERED = "unanswered";
  static final String ADAPTERS = "$adapters";

  /** What a wait may be told; each stands alone, or with {@code after} and {@code call}. */
  static final Set<String> TOLD = Set.of("callback", "event", "signal", "approval");

  private static final Set<String> BESIDE = Set.of("after", "call");

  private final Values values;
  private final SpanReader spans;

  AnswerReader(Values values, SpanReader spans) {
    this.values = values;
    this.spans = spans;
  }

  /** The answers to one step: a list is one for each attempt. */
  FlowTest.Mock mock(FlowTest.StepName step, Node node) {
    if (!(node instanceof Node.Sequence list)) {
      return new FlowTest.Mock(step, List.of(answer(node)), false);
    }
    if (list.items().isEmpty()) {
      values
          .problems()
          .error(
              Code.EMPTY,
              list.spot(),
              "a list is one answer for each attempt, and this one has none",
              "an empty list as the value is {$value: []}");
    }
    List<FlowTest.Answer> answers = new ArrayList<>();
    list.items().forEach(item -> answers.add(answer(item)));
    return new FlowTest.Mock(step, List.copyOf(answers), true);
  }

  private FlowTest.Answer answer(Node node) {
    if (!(node instanceof Node.Mapping map)) {
      return value(node);
    }
    Set<String> keys = map.entries().keySet();
    if (keys.equals(Set.of(ERROR)) || keys.equals(Set.of(ERROR, AFTER))) {
      return failing(map, FlowTest.Form.ERROR, map.get(ERROR), after(map, AFTER));
    }
    if (keys.contains(ADAPTERS)) {
      return adapters(map);
    }
    if (keys.equals(Set.of(UNANSWERED))) {
      values.bool(map.get(UNANSWERED), UNANSWERED);
      return new FlowTest.Answer(
          map.spot(), FlowTest.Form.UNANSWERED, null, null, Duration.ZERO, null);
    }
    if (keys.contains(VALUE) || keys.contains(OUTPUT) || keys.contains(AFTER)) {
      return written(map);
    }
    String told = keys.stream().filter(TOLD::contains).findFirst().orElse(null);
    boolean alone =
        told != null && keys.stream().allMatch(key -> key.equals(told) || BESIDE.contains(key));
    return alone ? told(map, told) : value(map);
  }

  private FlowTest.Answer adapters(Node.Mapping map) {
    Fields fields = new Fields(map, "an answer", values.problems());
    Node said = fields.take(ADAPTERS);
    fields.finish();
    Map<String, FlowTest.Answer> adapters = new LinkedHashMap<>();
    if (said instanceof Node.Mapping each) {
      each.entries().forEach((name, entry) -> adapters.put(name, answer(entry.value())));
    } else {
      values.wrongType(said, ADAPTERS, "a map of adapters");
    }
    return new FlowTest.Answer(
        map.spot(), FlowTest.Form.ADAPTERS, null, null, Duration.ZERO, null, adapters);
  }

  private static FlowTest.Answer value(Node node) {
    return new FlowTest.Answer(
        node.spot(), FlowTest.Form.VALUE, node.data(), null, Duration.ZERO, null);
  }

  private FlowTest.Answer written(Node.Mapping map) {
    Fields fields = new Fields(map, "an answer", values.problems());
    Duration after = after(map, AFTER);
    fields.take(AFTER);
    Node value = fields.take(VALUE);
    Node output = fields.take(OUTPUT);
    if (value == null && output == null) {
      fields.need(VALUE, "{$after: 2s, $value: {...}} or {$after: 2s, error: timeout}");
    }
    fields.finish();
    Node said = value == null ? output : value;
    return new FlowTest.Answer(
        map.spot(),
        value == null && output != null ? FlowTest.Form.OUTPUT : FlowTest.Form.VALUE,
        said == null ? null : said.data(),
        null,
        after,
        null);
  }

  private FlowTest.Answer told(Node.Mapping map, String key) {
    FlowTest.Form form = FlowTest.Form.valueOf(key.toUpperCase(Locale.ROOT));
    Node body = map.get(key);
    Node call = map.get("call");
    Duration after = after(map, "after");
    boolean failure =
        body instanceof Node.Mapping inner && inner.entries().keySet().equals(Set.of(ERROR));
    if (failure) {
      FlowTest.Answer failing = failing(map, form, ((Node.Mapping) body).get(ERROR), after);
      return new FlowTest.Answer(
          map.spot(), form, null, failing.fault(), after, call == null ? null : call.data());
    }
    return new FlowTest.Answer(
        map.spot(), form, body.data(), null, after, call == null ? null : call.data());
  }

  private Duration after(Node.Mapping map, String key) {
    Duration after = spans.fixed(map.get(key), key);
    return after == null ? Duration.ZERO : after;
  }

  private FlowTest.Answer failing(Node.Mapping map, FlowTest.Form form, Node said, Duration after) {
    return new FlowTest.Answer(map.spot(), form, null, fault(said), after, null);
  }

  private FlowTest.Fault fault(Node node) {
    if (node instanceof Node.Mapping map) {
      Fields fields = new Fields(map, "an error", values.problems());
      String type = values.text(fields.need("type", "{type: timeout}"), "type");
      String message = values.text(fields.take("message"), "message");
      int status = status(fields.take("status"));
      Boolean retryable = values.bool(fields.take("retryable"), "retryable");
      Node data = fields.take("data");
      Duration retryAfter = spans.fixed(fields.take("retry_after"), "retry_after");
      fields.finish();
      return new FlowTest.Fault(
          type == null ? "" : type,
          message == null ? "" : message,
          status,
          retryable,
          data == null ? null : data.data(),
          retryAfter);
    }
    String type = values.text(node, ERROR);
    if (type != null && type.isBlank()) {
      values.problems().error(Code.BAD_VALUE, node.spot(), "an error needs a type", "");
    }
    return new FlowTest.Fault(type == null ? "" : type, "", 0, null, null, null);
  }

  private int status(Node node) {
    if (node == null) {
      return 0;
    }
    Long status = Values.whole(node);
    if (status != null && status >= 100 && status <= 599) {
      return status.intValue();
    }
    values.wrongType(node, "status", "an HTTP status");
    return 0;
  }

  /** The names of the forms that answer a wait, for messages. */
  static Map<FlowTest.Form, String> waits() {
    return Map.of(
        FlowTest.Form.CALLBACK, "callback",
        FlowTest.Form.EVENT, "event",
        FlowTest.Form.SIGNAL, "signal",
        FlowTest.Form.APPROVAL, "approval");
  }
}
