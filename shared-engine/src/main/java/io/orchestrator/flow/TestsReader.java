package io.orchestrator.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the tests of a flow, from its own text or from a file beside it. */
public final class TestsReader {
  private static final String LEAP_YEAR =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

  /** A time in UTC on a day that there is. */
  static final Pattern START =
      Pattern.compile(
          "^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
              + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
              + "|02-(?:0[1-9]|1[0-9]|2[0-8]))|"
              + LEAP_YEAR
              + "-02-29)"
              + "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?Z$");

  private final Values values;
  private final SpanReader spans;
  private final AnswerReader answers;
  private final ExpectReader expects;

  TestsReader(Values values) {
    this.values = values;
    this.spans = new SpanReader(values);
    this.answers = new AnswerReader(values, spans);
    this.expects = new ExpectReader(values, spans);
  }

  /**
   * The tests of a file that holds nothing but {@code tests} and, if its author likes, the name of
   * the flow.
   *
   * @param flow whose tests they must be; empty if nobody knows
   */
  public static List<FlowTest> file(Document document, String flow, Problems problems) {
    Values values = new Values(problems);
    Fields fields = values.fields(document.root(), "a file of tests");
    if (fields == null) {
      return List.of();
    }
    Node name = fields.take("flow");
    String said = values.text(name, "flow");
    if (said != null && !flow.isEmpty() && !said.equals(flow)) {
      problems.error(
          Code.BAD_VALUE,
          name.spot(),
          "these are tests of the flow '" + said + "', the flow beside them is '" + flow + "'",
          "write flow: " + flow);
    }
    List<FlowTest> tests = new TestsReader(values).read(fields.need("tests", "a list of tests"));
    fields.finish();
    return tests;
  }

  /**
   * What a dry run is given: a test without a name and expectations.
   *
   * @return null with problems told if it is no map
   */
  public static FlowTest script(Document document, Problems problems) {
    Values values = new Values(problems);
    Fields fields = values.fields(document.root(), "a dry run");
    return fields == null ? null : new TestsReader(values).script(fields, "dry run");
  }

  /** The tests in a list; none for null. */
  List<FlowTest> read(Node node) {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof Node.Sequence list)) {
      values.wrongType(node, "tests", "a list");
      return List.of();
    }
    List<FlowTest> tests = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node item : list.items()) {
      Fields fields = values.fields(item, "a test");
      FlowTest test = fields == null ? null : test(fields, tests.size() + 1);
      if (test != null) {
        tests.add(test);
        if (!names.add(test.name())) {
          values
              .problems()
              .error(
                  Code.DUPLICATE_ID,
                  test.spot(),
                  "there are two tests with the name '" + test.name() + "'",
                  "");
        }
      }
    }
    return List.copyOf(tests);
  }

  private FlowTest test(Fields fields, int number) {
    String name = values.text(fields.take("name"), "name");
    FlowTest.Expect expect =
        expects.read(fields.need("expect", "expect: {status: completed}"), fields.spot());
    FlowTest script = script(fields, name == null ? "test " + number : name);
    return new FlowTest(
        script.spot(),
        script.name(),
        script.given(),
        script.input(),
        script.trigger(),
        script.start(),
        script.mocks(),
        script.arrivals(),
        expect);
  }

  private FlowTest script(Fields fields, String name) {
    boolean given = fields.has("input");
    Node input = fields.take("input");
    Map<String, Object> trigger = trigger(fields.take("trigger"));
    Instant start = instant(fields.take("start"));
    List<FlowTest.Mock> mocks = mocks(fields.take("mocks"));
    List<FlowTest.Arrival> arrivals = new ArrayList<>();
    arrivals.addAll(arrivals(fields.take("signals"), "a signal"));
    arrivals.addAll(arrivals(fields.take("events"), "an event"));
    Node cancel = fields.take("cancel");
    if (cancel != null) {
      arrivals.addAll(cancel(cancel));
    }
    fields.finish();
    return new FlowTest(
        fields.spot(),
        name,
        given,
        given ? input.data() : Map.of(),
        trigger,
        start,
        mocks,
        List.copyOf(arrivals),
        expects.nothing(fields.spot()));
  }

  @SuppressWarnings("unchecked") // the keys of a document are texts
  private Map<String, Object> trigger(Node node) {
    if (node == null || node instanceof Node.Mapping) {
      return node == null ? null : (Map<String, Object>) node.data();
    }
    values.wrongType(node, "trigger", "a map");
    return null;
  }

  private Instant instant(Node node) {
    String text = values.text(node, "start");
    if (text == null || START.matcher(text).matches()) {
      return text == null ? null : Instant.parse(text);
    }
    values
        .problems()
        .error(
            Code.BAD_VALUE,
            node.spot(),
            "start cannot be '" + text + "'",
            "a time such as 2026-01-31T12:00:00Z");
    return null;
  }

  private List<FlowTest.Mock> mocks(Node node) {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof Node.Mapping map)) {
      values.wrongType(node, "mocks", "a map of steps");
      return List.of();
    }
    List<FlowTest.Mock> mocks = new ArrayList<>();
    map.entries()
        .forEach(
            (name, entry) ->
                mocks.add(answers.mock(new FlowTest.StepName(name, entry.spot()), entry.value())));
    return List.copyOf(mocks);
  }

  private List<FlowTest.Arrival> arrivals(Node node, String what) {
    if (node == null) {
      return List.of();
    }
    List<FlowTest.Arrival> all = new ArrayList<>();
    List<Node> items = node instanceof Node.Sequence list ? list.items() : List.of(node);
    for (Node item : items) {
      Fields fields = values.fields(item, what);
      if (fields != null) {
        all.add(what.equals("a signal") ? signal(fields) : occurrence(fields));
        fields.finish();
      }
    }
    return all;
  }

  private FlowTest.Arrival signal(Fields fields) {
    String name = values.text(fields.need("name", "the name that the step awaits"), "name");
    Node data = fields.take("data");
    return new FlowTest.Arrival.Signal(
        fields.spot(), at(fields), name == null ? "" : name, data == null ? null : data.data());
  }

  private FlowTest.Arrival occurrence(Fields fields) {
    String type = values.text(fields.need("type", "the type that the step awaits"), "type");
    Node key = fields.take("key");
    Node data = fields.take("data");
    return new FlowTest.Arrival.Occurrence(
        fields.spot(),
        at(fields),
        type == null ? "" : type,
        key == null || key.data() == null ? "" : String.valueOf(key.data()),
        data == null ? null : data.data());
  }

  private List<FlowTest.Arrival> cancel(Node node) {
    Fields fields = values.fields(node, "cancel");
    if (fields == null) {
      return List.of();
    }
    String reason = values.text(fields.take("reason"), "reason");
    Duration at = at(fields);
    fields.finish();
    return List.of(new FlowTest.Arrival.Cancel(fields.spot(), at, reason == null ? "" : reason));
  }

  private Duration at(Fields fields) {
    Duration at = spans.fixed(fields.take("at"), "at");
    return at == null ? Duration.ZERO : at;
  }
}
