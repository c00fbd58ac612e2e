package io.orchestrator.flow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a document as a flow and tells everything that is wrong with its shape. */
public final class FlowReader {
  private final Values values;
  private final Problems problems;
  private final Labels labels;
  private final StepsReader steps;

  private FlowReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
    this.labels = new Labels(problems);
    this.steps = new StepsReader(values, labels);
  }

  /**
   * The flow. It is whole only if no problem has been told.
   *
   * @return null if the document is not a map
   */
  public static Flow read(Document document, Problems problems) {
    return new FlowReader(problems).flow(document);
  }

  /** A definition of the step library. */
  static Syntax.Body definition(Document document, String name, Problems problems) {
    FlowReader reader = new FlowReader(problems);
    Syntax.Body body = reader.steps.body(document.root(), name, 1);
    reader.labels.settle();
    return body;
  }

  private Flow flow(Document document) {
    if (!(document.root() instanceof Node.Mapping map)) {
      values.wrongType(document.root(), "a flow", "a map");
      return null;
    }
    Fields fields = new Fields(map, "a flow", problems);
    Node nameNode = fields.need("flow", "begin with flow: my-flow");
    String name = values.name(nameNode, "a flow", Words::isName);
    String version = version(fields.take("version"));
    Flow.About about = about(fields);
    List<Trigger> triggers = triggers(fields, name);
    Map<String, Object> input = InputSchema.read(fields.take("input"), problems);
    Syntax.Data vars = vars(fields.take("vars"));
    Map<String, Syntax.Body> define = define(fields.take("define"));
    Node stepsNode = fields.need("steps", "a list of steps");
    List<Syntax.Step> block = stepsNode == null ? List.of() : steps.block(stepsNode, "steps", 1);
    Syntax.Data output = values.data(fields.take("output"));
    Syntax.Handling onError = new HandlersReader(values, steps).read(fields.take("on_error"), 0);
    Syntax.Span timeout = steps.spans().span(fields.take("timeout"), "timeout");
    WrittenTerms terms = new TermsReader(values, steps).read(fields);
    List<FlowTest> tests = new TestsReader(values).read(fields.take("tests"));
    fields.finish();
    labels.settle();
    return new Flow(
        document,
        name == null ? "" : name,
        version,
        about,
        triggers,
        input,
        vars,
        define,
        block,
        output,
        onError,
        timeout,
        terms,
        tests);
  }

  private String version(Node node) {
    String version = values.text(node, "version");
    if (version == null) {
      return "";
    }
    if (!Semver.isVersion(version)) {
      String meant = Semver.meant(version);
      problems.error(
          Code.BAD_VERSION,
          node.spot(),
          "'" + version + "' is not a semantic version",
          meant.isEmpty() ? "three numbers: 1.0.0" : "write " + meant);
    }
    return version;
  }

  private Flow.About about(Fields fields) {
    return new Flow.About(
        textOrEmpty(fields, "title"),
        textOrEmpty(fields, "description"),
        textOrEmpty(fields, "category"),
        values.texts(fields.take("tags"), "tags"),
        textOrEmpty(fields, "owner"));
  }

  private String textOrEmpty(Fields fields, String key) {
    String text = values.text(fields.take(key), key);
    return text == null ? "" : text;
  }

  private List<Trigger> triggers(Fields fields, String name) {
    Node one = fields.take("trigger");
    Node many = fields.take("triggers");
    if (one != null && many != null) {
      problems.error(
          Code.BAD_VALUE,
          fields.key("triggers"),
          "a flow has trigger or triggers, not both",
          "put all into triggers");
    }
    return new TriggerReader(values).read(one, many, name);
  }

  private Syntax.Data vars(Node node) {
    if (node == null || new DataReaders(values).variables(node, "vars").isEmpty()) {
      return null;
    }
    return values.data(node);
  }

  private Map<String, Syntax.Body> define(Node node) {
    Map<String, Syntax.Body> define = new LinkedHashMap<>();
    if (node instanceof Node.Mapping map) {
      map.entries()
          .forEach(
              (name, entry) -> {
                if (!Words.isName(name)) {
                  problems.error(
                      Code.BAD_NAME,
                      entry.spot(),
                      "'" + name + "' is not a name of a definition",
                      "lower-case letters, digits, _ and -, a letter first, at most 63");
                }
                define.put(name, steps.body(entry.value(), name, 1));
              });
    } else if (node != null) {
      values.wrongType(node, "define", "a map");
    }
    return define;
  }
}
