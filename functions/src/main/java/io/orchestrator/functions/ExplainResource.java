package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.engine.History;
import io.orchestrator.execution.Lookback;
import io.orchestrator.execution.Witness;
import io.orchestrator.expression.Explained;
import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Reference;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /executions/{id}/explain}: what every part of an expression comes to over an execution.
 */
final class ExplainResource {
  private final ExecutionReads reads;
  private final Catalog catalog;
  private final ExecutionShown shown;

  ExplainResource(ExecutionReads reads, Catalog catalog) {
    this.reads = reads;
    this.catalog = catalog;
    this.shown = new ExecutionShown(reads, catalog);
  }

  Reply explain(Visit visit) {
    Stored head = reads.head(visit.tenant(), visit.execution()).orElseThrow(visit::noExecution);
    visit.need(Action.READ, head.flow());
    Map<String, Object> body = Body.object(visit.request(), List.of("expression", "step"));
    Expression expression = expression(body.get("expression"));
    Plan plan =
        catalog
            .plan(head.tenant(), head.flow(), head.version())
            .orElseThrow(
                () -> new Refusal(409, "no_version", "The version of this execution is gone"));
    Lookback lookback = lookback(plan, shown.withHistory(head), body.get("step"));
    List<Problem> unknown = unknown(expression, lookback);
    if (!unknown.isEmpty()) {
      throw Refusal.invalid(unknown);
    }
    return Reply.json(200, data(expression, lookback.scope()));
  }

  /** From the flow, or from the step that somebody names. */
  private static Lookback lookback(Plan plan, Stored stored, Object step) {
    if (step == null) {
      return new Lookback(plan, History.shown(stored));
    }
    if (!(step instanceof String named)) {
      throw Refusal.invalid("wrong_type", "The step must be a text", "its path: each[3]/charge");
    }
    String path = Lookback.path(plan, named);
    if (path == null) {
      String hint = Lookback.nearestStep(plan, named);
      throw Refusal.invalid("unknown_step", "This version has no step '" + named + "'", hint);
    }
    Witness witness = new Witness(plan, path);
    History.shown(stored, witness);
    return witness.lookback();
  }

  private static Expression expression(Object given) {
    if (!(given instanceof String text)) {
      throw Refusal.invalid(
          "wrong_type", "The expression must be a text", "{\"expression\": \"$input.total > 5\"}");
    }
    try {
      return Expression.parse(text);
    } catch (ExpressionException fault) {
      throw Refusal.invalid(
          List.of(
              new Problem(
                  "expression",
                  "/expression",
                  1,
                  1 + Math.max(0, fault.offset()),
                  fault.getMessage(),
                  "")));
    }
  }

  private static List<Problem> unknown(Expression expression, Lookback lookback) {
    List<Problem> unknown = new ArrayList<>();
    for (Reference reference : expression.references()) {
      if (!lookback.knows(reference.root())) {
        unknown.add(
            new Problem(
                "unknown_reference",
                "/expression",
                1,
                1 + reference.offset(),
                "$"
                    + reference.root()
                    + " is neither a step of this version nor has it a value here",
                lookback.hint(reference.root())));
      }
    }
    return unknown;
  }

  private static Map<String, Object> data(Expression expression, Scope scope) {
    List<Explained> parts = expression.explain(scope);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("expression", expression.text());
    // A literal has no parts that would need to be explained.
    outcome(
        parts.isEmpty()
            ? new Explained.Outcome.Value(expression.evaluate(scope))
            : parts.getFirst().outcome(),
        data);
    data.put("parts", parts.stream().map(ExplainResource::part).toList());
    return data;
  }

  private static Map<String, Object> part(Explained part) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("text", part.text());
    data.put("start", (long) part.start());
    data.put("end", (long) part.end());
    data.put("depth", (long) part.depth());
    outcome(part.outcome(), data);
    return data;
  }

  private static void outcome(Explained.Outcome outcome, Map<String, Object> data) {
    switch (outcome) {
      case Explained.Outcome.Value(Object value) -> value(value, data);
      case Explained.Outcome.Fault(String message) -> data.put("error", message);
      case Explained.Outcome.NotEvaluated() -> data.put("evaluated", false);
    }
  }

  /** A value that would fill the page is told by its size. */
  private static void value(Object value, Map<String, Object> data) {
    String json = Json.write(value);
    if (json.length() > Limits.EXPLAINED_CHARS_MAX) {
      data.put("omitted", json.length() + " characters");
    } else {
      data.put("value", value);
    }
  }
}
