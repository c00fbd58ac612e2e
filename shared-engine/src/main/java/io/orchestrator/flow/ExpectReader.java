package io.orchestrator.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what a test expects. */
final class ExpectReader {
  /** How an execution can end, and how far it can come when a test stops looking. */
  static final List<String> STATUSES =
      List.of(
          "completed",
          "failed",
          "cancelled",
          "timed_out",
          "compensated",
          "compensation_failed",
          "waiting",
          "paused",
          "refused",
          "ignored");

  /** What can be expected of a step. */
  static final List<String> OF_STEP =
      List.of("status", "attempts", "params", "output", "error", "served_by", "idempotency_key");

  /** What can be expected of how often a step starts or is attempted: a count from 0. */
  static final long COUNT_MAX = 1_000_000;

  private final Values values;
  private final SpanReader spans;

  ExpectReader(Values values, SpanReader spans) {
    this.values = values;
    this.spans = spans;
  }

  FlowTest.Expect read(Node node, Spot test) {
    Fields fields =
        node == null
            ? Fields.none(test, "expect", values.problems())
            : values.fields(node, "expect");
    if (fields == null) {
      fields = Fields.none(test, "expect", values.problems());
    }
    if (node instanceof Node.Mapping map && map.entries().isEmpty()) {
      values
          .problems()
          .error(Code.EMPTY, node.spot(), "a test must expect something", "{status: completed}");
    }
    FlowTest.Wanted status = wanted(fields.take("status"));
    if (status != null && !STATUSES.contains(String.valueOf(status.data()))) {
      values.badWord(fields.take("status"), "status", String.valueOf(status.data()), STATUSES);
    }
    Node handled = fields.take("handled");
    values.bool(handled, "handled");
    FlowTest.Expect expect =
        new FlowTest.Expect(
            fields.spot(),
            status,
            wanted(handled),
            names(fields.take("path"), "path"),
            names(fields.take("never"), "never"),
            attempts(fields.take("attempts")),
            wanted(fields.take("output")),
            wanted(fields.take("error")),
            wanted(fields.take("vars")),
            between(fields.take("duration")),
            wanted(fields.take("emitted")),
            steps(fields.take("steps")));
    fields.finish();
    return expect;
  }

  /** No expectations. */
  FlowTest.Expect nothing(Spot spot) {
    return new FlowTest.Expect(
        spot, null, null, null, null, List.of(), null, null, null, null, null, List.of());
  }

  private static FlowTest.Wanted wanted(Node node) {
    return node == null ? null : new FlowTest.Wanted(node.spot(), node.data());
  }

  /** Null if it is not written: an empty list means something. */
  private List<FlowTest.StepName> names(Node node, String what) {
    if (node == null) {
      return null;
    }
    List<Node> items = node instanceof Node.Sequence list ? list.items() : List.of(node);
    List<FlowTest.StepName> names = new ArrayList<>();
    for (Node item : items) {
      String name = values.text(item, "a step in " + what);
      if (name != null) {
        names.add(new FlowTest.StepName(name, item.spot()));
      }
    }
    return List.copyOf(names);
  }

  private List<FlowTest.Attempts> attempts(Node node) {
    List<FlowTest.Attempts> all = new ArrayList<>();
    if (node instanceof Node.Mapping map) {
      map.entries()
          .forEach(
              (name, entry) -> {
                Long count = Values.whole(entry.value());
                if (count != null && count >= 0 && count <= COUNT_MAX) {
                  all.add(new FlowTest.Attempts(new FlowTest.StepName(name, entry.spot()), count));
                } else {
                  values.wrongType(entry.value(), "attempts of " + name, "a number from 0");
                }
              });
    } else if (node != null) {
      values.wrongType(node, "attempts", "a map of steps and numbers");
    }
    return List.copyOf(all);
  }

  private FlowTest.Between between(Node node) {
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Mapping map)) {
      Duration exact = spans.fixed(node, "duration");
      return exact == null ? null : new FlowTest.Between(node.spot(), exact, exact);
    }
    Fields fields = new Fields(map, "duration", values.problems());
    Duration least = spans.fixed(fields.take("min"), "min");
    Duration most = spans.fixed(fields.take("max"), "max");
    fields.finish();
    return new FlowTest.Between(
        node.spot(),
        least == null ? Duration.ZERO : least,
        most == null ? FlowLimits.WAIT_MAX.multipliedBy(FlowLimits.STEPS_MAX) : most);
  }

  private List<FlowTest.OfStep> steps(Node node) {
    List<FlowTest.OfStep> all = new ArrayList<>();
    if (node instanceof Node.Mapping map) {
      map.entries()
          .forEach(
              (name, entry) -> {
                Fields fields = values.fields(entry.value(), "what is expected of " + name);
                if (fields != null) {
                  FlowTest.StepName step = new FlowTest.StepName(name, entry.spot());
                  all.add(new FlowTest.OfStep(step, fields(fields)));
                }
              });
    } else if (node != null) {
      values.wrongType(node, "steps", "a map of steps");
    }
    return List.copyOf(all);
  }

  private static Map<String, FlowTest.Wanted> fields(Fields fields) {
    Map<String, FlowTest.Wanted> wanted = new LinkedHashMap<>();
    Set<String> written = fields.written();
    for (String field : OF_STEP) {
      Node node = fields.take(field);
      if (written.contains(field)) {
        wanted.put(field, wanted(node));
      }
    }
    fields.finish();
    return wanted;
  }
}
