package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads steps and their bodies. */
final class StepsReader {
  private final Values values;
  private final Problems problems;
  private final Labels labels;
  private final SpanReader spans;
  private final Kinds kinds;
  private final OptionsReader options;

  StepsReader(Values values, Labels labels) {
    this.values = values;
    this.problems = values.problems();
    this.labels = labels;
    this.spans = new SpanReader(values);
    this.kinds = new Kinds(values, spans, this);
    this.options = new OptionsReader(values, spans, this);
  }

  /** A list of steps at that level, at least one. */
  List<Syntax.Step> block(Node node, String what, int level) {
    if (!(node instanceof Node.Sequence list)) {
      problems.error(
          Code.WRONG_TYPE,
          node.spot(),
          what + " must be a list of steps, not " + node.described(),
          "begin every step with `- `");
      return List.of();
    }
    if (list.items().isEmpty()) {
      problems.error(Code.EMPTY, list.spot(), what + " has no steps", "");
    }
    if (level > FlowLimits.NESTING_MAX) {
      problems.error(
          Code.TOO_NESTED,
          list.spot(),
          "steps are nested more than " + FlowLimits.NESTING_MAX + " deep",
          "move the inner ones into a definition or another flow");
      return List.of();
    }
    List<Syntax.Step> steps = new ArrayList<>();
    for (Node item : list.items()) {
      Syntax.Step step = step(item, level);
      if (step != null) {
        steps.add(step);
      }
    }
    return steps;
  }

  private Syntax.Step step(Node node, int level) {
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String name) {
      Syntax.Named named = named(scalar, name);
      return named == null
          ? null
          : new Syntax.Step(
              labels.bare(node.spot(), name),
              new Syntax.Body(node.spot(), named, Syntax.Options.NONE));
    }
    if (!(node instanceof Node.Mapping map)) {
      values.wrongType(node, "a step", "a name or a map with one key");
      return null;
    }
    if (map.entries().size() != 1) {
      wrongKeys(map);
      return null;
    }
    String key = map.entries().keySet().iterator().next();
    Node.Entry entry = map.entries().get(key);
    if (Words.KINDS.contains(key)) {
      String kind = key.equals("if") ? "conditional" : key;
      Label label = labels.generated(entry.spot(), kind);
      return new Syntax.Step(label, alone(key, entry, level));
    }
    Label label = labels.written(entry.spot(), key);
    return new Syntax.Step(label, body(entry.value(), key, level));
  }

  private void wrongKeys(Node.Mapping map) {
    List<String> keys = List.copyOf(map.entries().keySet());
    boolean kind = keys.stream().anyMatch(Words.KINDS::contains);
    problems.error(
        keys.isEmpty() ? Code.NO_KIND : Code.BAD_VALUE,
        map.spot(),
        "a step is a map with one key, this one has "
            + (keys.isEmpty() ? "none" : String.join(", ", keys)),
        kind
            ? "give it an id and indent the rest: `- my_step: {...}`"
            : "indent what belongs to the first key");
  }

  /** A kind key that stands alone. */
  private Syntax.Body alone(String kind, Node.Entry entry, int level) {
    Fields none = Fields.none(entry.spot(), kind, problems);
    return new Syntax.Body(entry.spot(), kind(kind, entry, none, level), Syntax.Options.NONE);
  }

  private Syntax.Kind kind(String kind, Node.Entry entry, Fields fields, int level) {
    return kinds.reader(kind).read(entry.value(), fields, level);
  }

  /** What a step or a definition does. */
  Syntax.Body body(Node node, String what, int level) {
    if (node instanceof Node.Scalar scalar && scalar.value() instanceof String name) {
      Syntax.Named named = named(scalar, name);
      return new Syntax.Body(
          node.spot(), named == null ? new Syntax.Broken() : named, Syntax.Options.NONE);
    }
    if (!(node instanceof Node.Mapping map) || map.entries().isEmpty()) {
      problems.error(
          Code.NO_KIND,
          node.spot(),
          "'" + what + "' does not say what it does",
          "for example adapter: sandbox");
      return new Syntax.Body(node.spot(), new Syntax.Broken(), Syntax.Options.NONE);
    }
    Fields fields = new Fields(map, "the step '" + what + "'", problems);
    Set<String> found = Kinds.in(fields);
    if (found.size() != 1) {
      noSingleKind(map, found, what);
      return new Syntax.Body(node.spot(), new Syntax.Broken(), Syntax.Options.NONE);
    }
    String key = found.iterator().next();
    fields.take(key);
    boolean known = kinds.reader(key) != null;
    Syntax.Kind kind = kind(key, map.entries().get(key), fields, level);
    Syntax.Options common = options.read(fields, level);
    if (known) {
      fields.finish();
    }
    return new Syntax.Body(node.spot(), kind, common);
  }

  /** What undoes a step: a body, whose id is its bare name or a generated one. */
  Syntax.Step undo(Node node, int level) {
    if (level > FlowLimits.NESTING_MAX) {
      problems.error(
          Code.TOO_NESTED,
          node.spot(),
          "steps are nested more than " + FlowLimits.NESTING_MAX + " deep",
          "");
      return null;
    }
    boolean bare = node instanceof Node.Scalar scalar && scalar.value() instanceof String;
    Syntax.Body body = body(node, "compensate", level);
    if (bare && body.kind() instanceof Syntax.Named named) {
      return new Syntax.Step(labels.bare(node.spot(), named.name()), body);
    }
    return new Syntax.Step(labels.generated(node.spot(), "compensate"), body);
  }

  private void noSingleKind(Node.Mapping map, Set<String> found, String what) {
    if (found.size() > 1) {
      List<String> keys = List.copyOf(found);
      problems.error(
          Code.TWO_KINDS,
          map.entries().get(keys.get(1)).spot(),
          "'" + what + "' says " + String.join(" and ", keys) + ", a step does one thing",
          "make two steps of it");
      return;
    }
    for (var entry : map.entries().entrySet()) {
      String near = Nearest.hint(entry.getKey(), Words.KINDS);
      if (!near.isEmpty()) {
        problems.error(
            Code.UNKNOWN_KEY,
            entry.getValue().spot(),
            "a step has no key '" + entry.getKey() + "'",
            near);
        return;
      }
    }
    problems.error(
        Code.NO_KIND,
        map.spot(),
        "'" + what + "' does not say what it does",
        "it needs one of adapter, use, flow, parallel, if, switch, foreach, repeat, do, wait,"
            + " await, approve, set, assert, emit, return, raise");
  }

  private Syntax.Named named(Node.Scalar scalar, String name) {
    if (Words.KINDS.contains(name) || Words.isBareName(name)) {
      return new Syntax.Named(scalar.spot(), name);
    }
    problems.error(
        Code.BAD_NAME,
        scalar.spot(),
        "'" + name + "' is not a name",
        "lower-case letters, digits, _ and -, a letter first; adapter.action with a dot");
    return null;
  }

  SpanReader spans() {
    return spans;
  }
}
