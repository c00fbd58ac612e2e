package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import io.orchestrator.expression.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the roots of expressions and the outputs of steps can be, as far as the text says it. What
 * it does not say is anything.
 */
final class Typing {
  private static final Type ERROR =
      fixed(
          Map.of(
              "type", Type.STRING,
              "message", Type.STRING.orNull(),
              "status", Type.NUMBER.orNull(),
              "step", Type.STRING.orNull(),
              "attempt", Type.NUMBER.orNull(),
              "adapter", Type.STRING.orNull(),
              "data", Type.ANY,
              "retryable", Type.BOOLEAN.orNull(),
              "retry_after_ms", Type.NUMBER.orNull()));
  private static final Type EXECUTION =
      fixed(Map.of("id", Type.STRING, "tenant", Type.STRING, "started_at", Type.STRING));
  private static final Type FLOW = fixed(Map.of("name", Type.STRING, "version", Type.STRING));
  private static final Type WEBHOOK =
      fixed(
          Map.of(
              "type", Type.STRING,
              "method", Type.STRING,
              "path", Type.STRING,
              "headers", Type.OBJECT,
              "query", Type.OBJECT,
              "body", Type.ANY,
              "received_at", Type.STRING));

  private final Flow flow;
  private final Names names;
  private final Map<String, Syntax.Body> bodies = new HashMap<>();
  private final Map<String, Syntax.Foreach> loops = new HashMap<>();
  private final Map<String, Type> outputs = new HashMap<>();
  private final Map<String, Type> variables = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private final Map<String, List<Node>> assigned;
  private final Type input;

  Typing(Flow flow, Names names) {
    this.flow = flow;
    this.names = names;
    this.input = input(flow);
    this.assigned = assigned(flow);
    flow.define().values().forEach(body -> inside(body, null));
    collect(flow.steps(), null);
    handled(flow.onError(), null);
    collect(flow.terms().onCancel(), null);
    collect(flow.terms().atEnd(), null);
  }

  private static Type fixed(Map<String, Type> fields) {
    return Type.object(fields, Type.Others.NONE);
  }

  private static Type input(Flow flow) {
    if (flow.input() == null) {
      return Type.ANY;
    }
    boolean schema =
        flow.document().root() instanceof Node.Mapping root
            && root.get("input") instanceof Node.Mapping written
            && InputSchema.isJsonSchema(written);
    return SchemaType.of(flow.input(), schema ? Type.Others.UNDECLARED : Type.Others.NONE);
  }

  private void collect(List<Syntax.Step> steps, Syntax.Foreach loop) {
    for (Syntax.Step step : steps) {
      if (bodies.putIfAbsent(step.id(), step.body()) == null && loop != null) {
        loops.put(step.id(), loop);
      }
      inside(step.body(), loop);
    }
  }

  /** Everything inside a body; {@code loop} is the innermost one around, null if there is none. */
  private void inside(Syntax.Body body, Syntax.Foreach loop) {
    Syntax.Foreach inner = body.kind() instanceof Syntax.Foreach each ? each : loop;
    body.kind().blocks().forEach(block -> collect(block, inner));
    handled(body.options().onError(), loop);
    if (body.options().compensate() != null) {
      collect(List.of(body.options().compensate()), loop);
    }
  }

  private void handled(Syntax.Handling handling, Syntax.Foreach loop) {
    if (handling != null) {
      handling.clauses().forEach(clause -> collect(clause.steps(), loop));
    }
  }

  /**
   * What {@code $name} can be.
   *
   * @param at the step whose expression asks; empty outside of steps
   */
  Type root(String name, String at) {
    return switch (name) {
      case "input" -> input;
      case "vars" -> vars();
      case "trigger" -> trigger();
      case "error" -> ERROR;
      case "execution" -> EXECUTION;
      case "flow" -> FLOW;
      case "index" -> Type.NUMBER;
      case "steps" -> steps();
      case "result" -> bodies.containsKey(at) ? result(bodies.get(at)) : Type.ANY;
      case "item" -> item(at);
      default -> bodies.containsKey(name) ? output(name) : named(name, at);
    };
  }

  /** An item of the innermost loop around a step. */
  private Type item(String at) {
    Syntax.Foreach loop = loops.get(at);
    if (loop == null || !open.add("$item " + at)) {
      return Type.ANY;
    }
    Type list = loop.list().expression().infer(name -> root(name, ""), ignored -> {});
    open.remove("$item " + at);
    return list.mayBeArray() ? list.elements() : Type.ANY;
  }

  /** A name that a loop gives to its items, if it is the innermost one's. */
  private Type named(String name, String at) {
    Syntax.Foreach loop = loops.get(at);
    return loop != null && loop.as() != null && loop.as().name().equals(name) ? item(at) : Type.ANY;
  }

  private Type trigger() {
    boolean hooks = flow.triggers().stream().allMatch(one -> one instanceof Trigger.Webhook);
    return hooks && !flow.triggers().isEmpty() ? WEBHOOK.orNull() : Type.ANY;
  }

  private Type steps() {
    Map<String, Type> all = new LinkedHashMap<>();
    bodies.keySet().forEach(id -> all.put(id, status(output(id))));
    return Type.object(all, Type.Others.ANY);
  }

  private static Type status(Type output) {
    return fixed(
            Map.of(
                "status",
                Type.STRING,
                "attempts",
                Type.NUMBER,
                "error",
                ERROR.orNull(),
                "started_at",
                Type.STRING.orNull(),
                "duration_ms",
                Type.NUMBER.orNull(),
                "output",
                output,
                "call",
                Type.ANY))
        .orNull();
  }

  /** Names that are never set are told elsewhere. */
  private Type vars() {
    Map<String, Type> types = new LinkedHashMap<>();
    assigned.forEach((name, values) -> types.put(name, variable(name, values)));
    return Type.object(types, Type.Others.ANY);
  }

  private static Map<String, List<Node>> assigned(Flow flow) {
    Map<String, List<Node>> assigned = new LinkedHashMap<>();
    if (flow.vars() != null) {
      add(flow.vars().node(), assigned);
    }
    Walk.bodies(
        flow,
        body -> {
          if (body.kind() instanceof Syntax.Assign assign) {
            add(assign.values().node(), assigned);
          }
        });
    return assigned;
  }

  private static void add(Node node, Map<String, List<Node>> assigned) {
    if (node instanceof Node.Mapping map) {
      map.entries()
          .forEach(
              (name, entry) ->
                  assigned.computeIfAbsent(name, _ -> new ArrayList<>()).add(entry.value()));
    }
  }

  private Type variable(String name, List<Node> values) {
    Type known = variables.get(name);
    if (known != null) {
      return known;
    }
    // A variable that is made of itself can be anything while that is found out.
    if (!open.add("$vars." + name)) {
      return Type.ANY;
    }
    Type type = values.stream().map(value -> of(value, "")).reduce(Type::or).orElse(Type.ANY);
    open.remove("$vars." + name);
    variables.put(name, type.orNull());
    return type.orNull();
  }

  /** What a step leaves, if it has run. */
  private Type output(String id) {
    Type known = outputs.get(id);
    if (known != null) {
      return known;
    }
    if (!open.add(id)) {
      return Type.ANY;
    }
    Syntax.Body body = bodies.get(id);
    Syntax.Options options = body.options();
    // What handlers leave when the flow goes on after an error may be anything.
    Type type =
        options.onError() != null
            ? Type.ANY
            : options.output() != null ? of(options.output().node(), id) : left(body);
    open.remove(id);
    outputs.put(id, type.orNull());
    return type.orNull();
  }

  /** What a body leaves, which for a loop is not what its iterations give. */
  Type left(Syntax.Body body) {
    return body.kind() instanceof Syntax.Foreach ? Type.ARRAY : result(body);
  }

  private Type result(Syntax.Body body) {
    return switch (body.kind()) {
      case Syntax.Call call when call.await() == null -> result(call.adapter(), call.action());
      case Syntax.Named named when !flow.define().containsKey(named.name()) ->
          names.bare(named.name()) instanceof Names.Meaning.Action action
              ? result(action.adapter(), action.action())
              : Type.ANY;
      case Syntax.Parallel parallel -> branches(parallel);
      default -> Type.ANY;
    };
  }

  private Type result(String adapter, String action) {
    return names.call(adapter, action) instanceof Names.Meaning.Action known
        ? names.result(known.adapter(), known.action())
        : Type.ANY;
  }

  private Type branches(Syntax.Parallel parallel) {
    Map<String, Type> fields = new LinkedHashMap<>();
    parallel.branches().forEach(branch -> fields.put(branch.id(), output(branch.id())));
    return Type.object(fields, Type.Others.NONE);
  }

  /** What data comes to when its expressions are filled. */
  Type of(Node node, String at) {
    return switch (node) {
      case Node.Mapping map when Values.isSecret(map.entries()) -> Type.ANY;
      case Node.Mapping map -> {
        Map<String, Type> fields = new LinkedHashMap<>();
        map.entries().forEach((name, entry) -> fields.put(name, of(entry.value(), at)));
        yield Type.object(fields, Type.Others.NONE);
      }
      case Node.Sequence list ->
          Type.array(
              list.items().stream().map(item -> of(item, at)).reduce(Type::or).orElse(Type.ANY));
      case Node.Scalar scalar ->
          scalar.value() instanceof String text ? text(text, at) : Type.of(scalar.value());
    };
  }

  private Type text(String text, String at) {
    List<Expression> expressions = Template.compile(text).expressions();
    boolean whole = expressions.size() == 1 && expressions.getFirst().text().equals(text);
    return whole
        ? expressions.getFirst().infer(name -> root(name, at), ignored -> {})
        : Type.STRING;
  }
}
