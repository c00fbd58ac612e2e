package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that every expression names what exists and can have a value where the expression stands.
 */
final class References {
  private static final Set<String> EVERYWHERE =
      Set.of("input", "vars", "trigger", "execution", "flow", "steps");
  private static final Map<String, String> PLACES =
      Map.of(
          "error", "$error has a value in error handlers, in finally and in retry.when",
          "result", "$result has a value in the output of a step",
          "callback", "$callback has a value in the params of a call with await",
          "event",
              "$event has a value in event and completed triggers and in the match of an await",
          "item", "$item has a value in a foreach",
          "index", "$index has a value in a foreach or repeat",
          "output", "$output has a value once the flow has ended",
          "with", "$with has a value in definitions");

  private final Flow flow;
  private final StepIndex index;
  private final Set<String> variables;
  private final ExpressionCheck types;
  private final Problems problems;

  References(Flow flow, Typing typing, Problems problems) {
    this.flow = flow;
    this.types = new ExpressionCheck(typing, problems);
    this.index = new StepIndex(flow);
    this.variables = variables(flow);
    this.problems = problems;
  }

  /**
   * What can be seen at one place.
   *
   * @param ran steps that can have run
   * @param roots that have a value beside steps
   * @param at the innermost step around; empty outside of steps
   */
  private record View(Set<String> ran, Set<String> roots, String at) {
    View plus(Set<String> more) {
      return new View(joined(ran, more), roots, at);
    }

    View with(String... more) {
      return new View(ran, joined(roots, Set.of(more)), at);
    }

    View in(String step) {
      return new View(ran, roots, step);
    }
  }

  void check() {
    View nothing = new View(Set.of(), EVERYWHERE, "");
    data(flow.vars(), nothing);
    flow.triggers().forEach(this::trigger);
    Set<String> all = index.single();
    View everything = new View(all, EVERYWHERE, "");
    flow.define().values().forEach(body -> body(body, everything.with("with")));
    block(flow.steps(), nothing.plus(index.defined()));
    handlers(flow.onError(), everything);
    data(flow.output(), everything);
    terms(everything);
  }

  private void terms(View everything) {
    View start = new View(Set.of(), Set.of("input", "trigger", "flow"), "");
    flow.terms().starting().forEach(key -> expression(key, start));
    span(flow.timeout(), start.with("vars", "execution"));
    flow.terms().search().values().forEach(value -> expression(value, everything.with("output")));
    block(flow.terms().onCancel(), everything);
    block(flow.terms().atEnd(), everything.with("error", "output"));
  }

  private void trigger(Trigger trigger) {
    View none = new View(Set.of(), Set.of(), "");
    switch (trigger) {
      case Trigger.Webhook webhook -> {
        View view = none.with("trigger");
        expression(webhook.filter(), view);
        expression(webhook.dedupe(), view);
        data(webhook.input(), view);
      }
      case Trigger.Schedule schedule -> data(schedule.input(), none.with("trigger"));
      case Trigger.Occurrence event -> {
        expression(event.filter(), none.with("event"));
        data(event.input(), none.with("event"));
      }
      case Trigger.Completion completion -> data(completion.input(), none.with("event"));
    }
  }

  private Set<String> block(List<Syntax.Step> steps, View view) {
    Set<String> ran = new HashSet<>();
    for (Syntax.Step step : steps) {
      ran.addAll(body(step.body(), view.plus(ran).in(step.id())));
      ran.add(step.id());
    }
    return ran;
  }

  /** Checks what a step does; the answer is what can have run inside. */
  private Set<String> body(Syntax.Body body, View view) {
    Syntax.Options options = body.options();
    expression(options.when(), view);
    span(options.timeout(), view);
    span(options.deadline(), view);
    data(options.idempotencyKey(), view);
    if (options.retry() != null) {
      expression(options.retry().when(), view.with("error"));
      options.retry().spans().forEach(span -> span(span, view.with("error")));
    }
    Set<String> inner = new HashSet<>(kind(body.kind(), view));
    boolean awaits = body.kind() instanceof Syntax.Await || awaits(body.kind());
    View after = view.plus(inner);
    data(options.output(), awaits ? after.with("result", "callback") : after.with("result"));
    View failed = view.at().isEmpty() ? after : after.plus(Set.of(view.at()));
    inner.addAll(handlers(options.onError(), failed));
    if (options.compensate() != null) {
      block(List.of(options.compensate()), failed.with("error"));
    }
    return inner;
  }

  private static boolean awaits(Syntax.Kind kind) {
    return kind instanceof Syntax.Call call && call.await() != null;
  }

  private Set<String> kind(Syntax.Kind kind, View view) {
    switch (kind) {
      case Syntax.Call call -> {
        data(call.params(), awaits(call) ? view.with("callback") : view);
        span(call.await() == null ? null : call.await().timeout(), view);
      }
      case Syntax.Use use -> data(use.with(), view);
      case Syntax.Conditional conditional -> expression(conditional.condition(), view);
      case Syntax.Switch choice -> {
        expression(choice.value(), view);
        types.cases(choice, view.at());
        choice.cases().forEach(one -> expression(one.when(), view));
      }
      case Syntax.Group group -> {
        return group(group, view);
      }
      case Syntax.Foreach each -> {
        return foreach(each, view);
      }
      case Syntax.Repeat repeat -> {
        return repeat(repeat, view);
      }
      case Syntax.Wait wait -> span(wait.length(), view);
      case Syntax.Await await -> span(await.timeout(), view);
      case Syntax.AwaitSignal signal -> span(signal.timeout(), view);
      case Syntax.AwaitEvent event -> {
        expression(event.key(), view);
        expression(event.match(), view.with("event"));
        span(event.buffer(), view);
        span(event.timeout(), view);
      }
      case Syntax.Approve approve -> approve(approve, view);
      case Syntax.SubFlow flow -> data(flow.input(), view);
      case Syntax.Emit emit -> data(emit.event(), view);
      case Syntax.Assign assign -> data(assign.values(), view);
      case Syntax.Assert check -> {
        expression(check.condition(), view);
        data(check.message(), view);
      }
      case Syntax.Return end -> data(end.value(), view);
      case Syntax.Raise raise -> data(raise.failure(), view);
      case Syntax.Named n -> {}
      case Syntax.Parallel p -> {}
      case Syntax.Broken b -> {}
    }
    Set<String> ran = new HashSet<>();
    for (List<Syntax.Step> steps : kind.blocks()) {
      if (kind instanceof Syntax.Parallel) {
        steps.forEach(branch -> ran.addAll(block(List.of(branch), view)));
      } else {
        ran.addAll(block(steps, view));
      }
    }
    return ran;
  }

  private void approve(Syntax.Approve approve, View view) {
    data(approve.title(), view);
    data(approve.to(), view);
    span(approve.remind(), view);
    span(approve.timeout(), view);
    if (approve.escalate() != null) {
      span(approve.escalate().after(), view);
      data(approve.escalate().to(), view);
    }
  }

  private Set<String> group(Syntax.Group group, View view) {
    Set<String> ran = block(group.steps(), view);
    ran.addAll(block(group.atEnd(), view.plus(ran).with("error")));
    return ran;
  }

  /** What runs in a loop has no single value outside of it. */
  private Set<String> foreach(Syntax.Foreach each, View view) {
    expression(each.list(), view);
    View item = view.with("item", "index");
    if (each.as() != null) {
      String name = each.as().name();
      if (index.all().contains(name)) {
        String taken = "'" + name + "' is the id of a step";
        problems.error(Code.DUPLICATE_ID, each.as().spot(), taken, "give the item another name");
      }
      item = item.with(name);
    }
    Set<String> ran = block(each.body(), item);
    data(each.collect(), item.plus(ran).with("result"));
    return Set.of();
  }

  private Set<String> repeat(Syntax.Repeat repeat, View view) {
    View round = view.with("index");
    View after = round.plus(block(repeat.body(), round)).with("result");
    expression(repeat.until(), after);
    span(repeat.every(), after);
    return Set.of();
  }

  private Set<String> handlers(Syntax.Handling handling, View view) {
    Set<String> ran = new HashSet<>();
    if (handling != null) {
      View failed = view.with("error");
      for (Syntax.Clause clause : handling.clauses()) {
        expression(clause.when(), failed);
        ran.addAll(block(clause.steps(), failed));
      }
    }
    return ran;
  }

  private void span(Syntax.Span span, View view) {
    expression(span == null ? null : span.computed(), view);
  }

  private void data(Syntax.Data data, View view) {
    if (data != null) {
      Values.expressions(data.node()).forEach(expr -> expression(expr, view));
    }
  }

  private void expression(Syntax.Expr expr, View view) {
    if (expr != null) {
      expr.expression().references().forEach(reference -> reference(reference, expr, view));
      types.check(expr, view.at());
    }
  }

  private void reference(Reference reference, Syntax.Expr expr, View view) {
    String root = reference.root();
    Spot spot = expr.node().at(reference.offset());
    String first = reference.fields().isEmpty() ? null : reference.fields().getFirst();
    if (view.roots().contains(root)) {
      if (root.equals("steps") && first != null && !first.equals(view.at())) {
        step(first, "$steps." + first, spot, view);
      }
      if (root.equals("vars") && first != null && !variables.contains(first)) {
        problems.warning(
            Code.UNKNOWN_VARIABLE,
            spot,
            "$vars." + first + " is never set",
            Nearest.hint(first, variables));
      }
    } else if (PLACES.containsKey(root)) {
      problems.error(
          Code.MISPLACED_REFERENCE, spot, "$" + root + " has no value here", PLACES.get(root));
    } else if (Words.ROOTS.contains(root)) {
      problems.error(
          Code.MISPLACED_REFERENCE,
          spot,
          "$" + root + " has no value here",
          "the execution has not begun");
    } else {
      step(root, "$" + root, spot, view);
    }
  }

  private void step(String id, String written, Spot spot, View view) {
    if (view.ran().contains(id)) {
      return;
    }
    if (!index.all().contains(id)) {
      List<String> known = new ArrayList<>(view.roots());
      known.addAll(view.ran());
      problems.error(
          Code.UNKNOWN_REFERENCE,
          spot,
          written + " is neither a step nor a root",
          Nearest.hint(id, known));
      return;
    }
    switch (index.relation(view.at(), id)) {
      case SELF ->
          problems.error(
              Code.STEP_NOT_RUN,
              spot,
              written + " is this step itself",
              "$result is its own result, in output");
      case AROUND ->
          problems.error(
              Code.STEP_NOT_RUN, spot, written + " contains this step and has not ended", "");
      case SIBLING ->
          problems.error(
              Code.SIBLING_BRANCH,
              spot,
              written + " is a branch that runs at the same time",
              "read it after the parallel");
      case IN_LOOP ->
          problems.error(
              Code.STEP_NOT_RUN,
              spot,
              written + " runs once for each iteration of a loop and has no single value outside",
              "$" + index.loop(id) + " is what the loop gives");
      case OTHER_BRANCH ->
          problems.error(
              Code.STEP_NOT_RUN,
              spot,
              written + " stands in another branch and cannot have run",
              "");
      case LATER ->
          problems.error(
              Code.STEP_NOT_RUN,
              spot,
              written + " cannot have run at this point",
              "it comes later");
    }
  }

  private static Set<String> variables(Flow flow) {
    Set<String> names = new HashSet<>();
    if (flow.vars() != null && flow.vars().node() instanceof Node.Mapping map) {
      names.addAll(map.entries().keySet());
    }
    Walk.bodies(
        flow,
        body -> {
          if (body.kind() instanceof Syntax.Assign assign) {
            names.addAll(assign.names());
          }
        });
    return names;
  }

  private static Set<String> joined(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.addAll(b);
    return both;
  }
}
