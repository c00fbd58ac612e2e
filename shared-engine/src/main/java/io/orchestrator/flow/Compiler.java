package io.orchestrator.flow;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.Sha256;
import io.orchestrator.expression.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a plan of a flow. */
public final class Compiler {
  private Compiler() {}

  /**
   * The plan and what its names were taken for.
   *
   * @param version that the plan gets
   * @param problems takes what is wrong with the names
   * @return null if a problem has been told, now or by the reader before
   */
  public static Compiled compile(Flow flow, Names names, String version, Problems problems) {
    Bindings bindings = new Bindings();
    Expansion expansion = new Expansion(flow, names, bindings, problems);
    // A definition that nobody uses is looked at for its names alone.
    flow.define()
        .forEach(
            (name, body) ->
                new PlanBuilder(expansion, problems).steps(List.of(sample(name, body))));
    PlanBuilder builder = new PlanBuilder(expansion, problems);
    List<Step> steps = builder.steps(flow.steps());
    Handlers onError = builder.handlers(flow.onError());
    List<Step> onCancel = builder.block(flow.terms().onCancel(), Place.Slot.ON_CANCEL);
    List<Step> atEnd = builder.block(flow.terms().atEnd(), Place.Slot.FINALLY);
    if (!problems.none()) {
      return null;
    }
    Template output = flow.output() == null ? null : flow.output().template();
    Template vars = flow.vars() == null ? null : flow.vars().template();
    String hash = hash(flow.document(), bindings.data());
    Terms terms = flow.terms().terms(onCancel, atEnd);
    TimeSpan timeout = flow.timeout() == null ? null : flow.timeout().span();
    Plan plan = new Plan(flow.name(), version, hash, steps, onError, output, vars, timeout, terms);
    return new Compiled(plan, bindings.data());
  }

  /**
   * The steps of a flow that cannot be published, those left out that cannot be made out.
   *
   * @param flow null: no steps at all
   */
  static Map<String, Object> sketch(Flow flow, Names names) {
    if (flow == null) {
      return Graph.of(List.of(), Handlers.NONE, List.of(), List.of());
    }
    Problems toldAlready = new Problems();
    PlanBuilder builder =
        new PlanBuilder(new Expansion(flow, names, new Bindings(), toldAlready), toldAlready);
    return Graph.of(
        builder.steps(flow.steps()),
        builder.handlers(flow.onError()),
        builder.block(flow.terms().onCancel(), Place.Slot.ON_CANCEL),
        builder.block(flow.terms().atEnd(), Place.Slot.FINALLY));
  }

  /**
   * The plan of a published version, from its stored text and bindings.
   *
   * @throws IllegalStateException if they do not belong together
   */
  public static Plan recompile(String text, Map<String, Object> bindings, String version) {
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    Flow flow = document == null ? null : FlowReader.read(document, problems);
    Compiled compiled =
        flow == null ? null : compile(flow, new FrozenNames(bindings), version, problems);
    if (compiled == null) {
      throw new IllegalStateException(
          "the published version " + version + " cannot be compiled: " + problems.errors());
    }
    return compiled.plan();
  }

  private static Syntax.Step sample(String name, Syntax.Body body) {
    Label label = new Label(body.spot(), Words.idFrom(name), Label.Origin.BARE);
    return new Syntax.Step(label, body);
  }

  private static String hash(Document document, Map<String, Object> bindings) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("flow", document.data());
    all.put("bindings", bindings);
    return Sha256.hex(Json.canonical(all));
  }
}
