package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the steps of a plan: every name resolved, every step with its path and place. */
final class PlanBuilder {
  private final Expansion expansion;
  private final Problems problems;
  private final Set<String> ids = new HashSet<>();
  private int count;

  PlanBuilder(Expansion expansion, Problems problems) {
    this.expansion = expansion;
    this.problems = problems;
  }

  /** Where a block of steps stands. */
  private record Where(
      String parent,
      String prefix,
      Place.Slot slot,
      int clause,
      int level,
      Expansion.Scope scope,
      Spot user) {}

  /** The steps of the flow itself. */
  List<Step> steps(List<Syntax.Step> steps) {
    return block(steps, new Where("", "", Place.Slot.SEQUENCE, 0, 1, Expansion.Scope.FLOW, null));
  }

  /** The handlers of the flow itself. */
  Handlers handlers(Syntax.Handling handling) {
    return handlers(handling, "", "on_error/", 0, Expansion.Scope.FLOW, null);
  }

  /** Steps of the flow that run when it is cancelled or at its end. */
  List<Step> block(List<Syntax.Step> steps, Place.Slot slot) {
    String prefix = slot == Place.Slot.ON_CANCEL ? "on_cancel/" : "finally/";
    return block(steps, new Where("", prefix, slot, 0, 1, Expansion.Scope.FLOW, null));
  }

  private List<Step> block(List<Syntax.Step> steps, Where where) {
    if (where.level() > FlowLimits.NESTING_MAX && where.user() != null) {
      problems.error(
          Code.TOO_NESTED,
          where.user(),
          "with its definition, steps are nested more than " + FlowLimits.NESTING_MAX + " deep",
          "");
      return List.of();
    }
    List<Step> built = new ArrayList<>();
    for (Syntax.Step step : steps) {
      Optional<Expansion.Target> target = expansion.of(step.body(), where.scope());
      if (target.isPresent()) {
        claim(step, where);
        built.add(step(step, target.get(), where, built.size()));
      }
    }
    return built;
  }

  private void claim(Syntax.Step step, Where where) {
    count++;
    Spot user = where.user();
    if (user == null) {
      ids.add(step.id());
      return;
    }
    if (!ids.add(step.id())) {
      problems.error(
          Code.DUPLICATE_ID,
          user,
          "the definition brings the id '" + step.id() + "', which is taken",
          "a definition that holds steps can be used once");
    }
    if (count > FlowLimits.STEPS_MAX) {
      problems.error(
          Code.TOO_MANY_STEPS,
          user,
          "with its definitions the flow has more than " + FlowLimits.STEPS_MAX + " steps",
          "handlers count too; split the flow");
    }
  }

  private Step step(Syntax.Step step, Expansion.Target target, Where where, int index) {
    String path = where.prefix() + step.id();
    boolean entered = !target.scope().equals(where.scope());
    Spot user = where.user() == null && entered ? step.spot() : where.user();
    boolean own = target.handlers().equals(where.scope());
    Syntax.Options options = target.body().options();
    Handlers handlers =
        handlers(
            options.onError(),
            path,
            path + "/",
            where.level(),
            target.handlers(),
            own ? where.user() : user);
    Kind kind = kind(target, path, where.level(), user);
    Place place = new Place(where.parent(), where.slot(), where.clause(), index);
    Step undo = undo(options.compensate(), path, where.level(), target, user);
    return new Step(step.id(), path, place, kind, common(options, handlers, kind, undo, target));
  }

  /** What undoes a step; null if nothing does, or a problem has been told. */
  private Step undo(
      Syntax.Step written, String path, int level, Expansion.Target target, Spot user) {
    if (written == null) {
      return null;
    }
    Syntax.Step step = written;
    for (int i = 2; user != null && ids.contains(step.id()); i++) {
      // A definition may be used more than once, and what undoes it is named by nobody.
      Label label = new Label(written.spot(), written.id() + "_" + i, Label.Origin.BARE);
      step = new Syntax.Step(label, written.body());
    }
    Where where =
        new Where(path, path + "/", Place.Slot.COMPENSATION, 0, level + 1, target.handlers(), user);
    List<Step> built = block(List.of(step), where);
    return built.isEmpty() ? null : built.getFirst();
  }

  private Handlers handlers(
      Syntax.Handling handling,
      String parent,
      String prefix,
      int level,
      Expansion.Scope scope,
      Spot user) {
    if (handling == null) {
      return Handlers.NONE;
    }
    List<Handlers.Clause> clauses = new ArrayList<>();
    for (Syntax.Clause clause : handling.clauses()) {
      Where where =
          new Where(parent, prefix, Place.Slot.HANDLER, clauses.size(), level + 1, scope, user);
      clauses.add(
          new Handlers.Clause(
              clause.types(),
              expression(clause.when()),
              block(clause.steps(), where),
              clause.then()));
    }
    return new Handlers(List.copyOf(clauses));
  }

  private Kind kind(Expansion.Target target, String path, int level, Spot user) {
    Syntax.Kind kind = target.body().kind();
    if (target.action() != null) {
      return call(kind, target);
    }
    if (target.flow() != null) {
      return subFlow(kind, target.flow());
    }
    List<List<Step>> blocks = new ArrayList<>();
    for (List<Syntax.Step> steps : kind.blocks()) {
      Where where =
          new Where(
              path,
              path + "/",
              slot(kind, blocks.size()),
              blocks.size(),
              level + 1,
              target.scope().blocks(),
              user);
      blocks.add(List.copyOf(block(steps, where)));
    }
    return switch (kind) {
      case Syntax.Parallel p -> new Kind.Parallel(blocks.getFirst(), p.join(), p.concurrency());
      case Syntax.Conditional c ->
          new Kind.Conditional(expression(c.condition()), blocks.get(0), blocks.get(1));
      case Syntax.Switch s -> choice(s, blocks);
      case Syntax.Group g -> new Kind.Group(blocks.get(0), blocks.get(1));
      case Syntax.Foreach f ->
          new Kind.Foreach(
              f.list().expression(),
              f.as() == null ? null : f.as().name(),
              blocks.getFirst(),
              f.concurrency(),
              f.tolerance(),
              template(f.collect()));
      case Syntax.Repeat r ->
          new Kind.Repeat(
              blocks.getFirst(),
              expression(r.until()),
              r.every() == null ? null : r.every().span(),
              r.max());
      case Syntax.Wait wait -> new Kind.Wait(wait.length().span());
      case Syntax.Await await -> await(await, target.body().options().timeout());
      case Syntax.AwaitSignal signal ->
          new Kind.AwaitSignal(
              signal.name(), pause(signal.timeout(), target.body().options().timeout()));
      case Syntax.AwaitEvent event -> event(event, target.body().options().timeout());
      case Syntax.Approve approve -> approve(approve, target.body().options().timeout());
      case Syntax.Emit emit -> new Kind.Emit(emit.event().template());
      case Syntax.SubFlow f -> throw unresolved();
      case Syntax.Assign assign -> new Kind.Assign(assign.values().template());
      case Syntax.Assert check ->
          new Kind.Assert(expression(check.condition()), template(check.message()));
      case Syntax.Return end -> new Kind.Return(end.value().template());
      case Syntax.Raise raise -> new Kind.Raise(raise.failure().template());
      case Syntax.Call c -> throw unresolved();
      case Syntax.Named n -> throw unresolved();
      case Syntax.Use u -> throw unresolved();
      case Syntax.Broken b -> throw unresolved();
    };
  }

  private static Kind.Switch choice(Syntax.Switch choice, List<List<Step>> blocks) {
    List<Kind.Case> cases = new ArrayList<>();
    for (Syntax.Case one : choice.cases()) {
      cases.add(new Kind.Case(one.label(), expression(one.when()), blocks.get(cases.size())));
    }
    return new Kind.Switch(expression(choice.value()), List.copyOf(cases), blocks.getLast());
  }

  private static Place.Slot slot(Syntax.Kind kind, int block) {
    return switch (kind) {
      case Syntax.Group g -> block == 0 ? Place.Slot.SEQUENCE : Place.Slot.FINALLY;
      case Syntax.Parallel p -> Place.Slot.BRANCH;
      case Syntax.Foreach f -> Place.Slot.ITEM;
      case Syntax.Repeat r -> Place.Slot.ITEM;
      default -> Place.Slot.SEQUENCE;
    };
  }

  private static IllegalStateException unresolved() {
    return new IllegalStateException("a name was expanded to a name");
  }

  private static Kind.Call call(Syntax.Kind kind, Expansion.Target target) {
    Names.Meaning.Action action = target.action();
    if (!(kind instanceof Syntax.Call call)) {
      return new Kind.Call(action.adapter(), action.action(), null, target.fallback(), null);
    }
    Kind.Await await = call.await() == null ? null : await(call.await(), null);
    return new Kind.Call(
        action.adapter(), action.action(), template(call.params()), target.fallback(), await);
  }

  private static Kind.Await await(Syntax.Await await, Syntax.Span common) {
    return new Kind.Await(pause(await.timeout(), common));
  }

  /** A wait that is a step of its own may say how long it lasts by the step's timeout. */
  private static TimeSpan pause(Syntax.Span own, Syntax.Span common) {
    Syntax.Span said = own == null ? common : own;
    return said == null ? new TimeSpan.Fixed(FlowLimits.AWAIT_DEFAULT) : said.span();
  }

  private static Kind.AwaitEvent event(Syntax.AwaitEvent event, Syntax.Span common) {
    return new Kind.AwaitEvent(
        event.type(),
        expression(event.key()),
        expression(event.match()),
        event.buffer() == null ? null : event.buffer().span(),
        pause(event.timeout(), common));
  }

  private static Kind.Approve approve(Syntax.Approve approve, Syntax.Span common) {
    Syntax.Escalation escalate = approve.escalate();
    return new Kind.Approve(
        template(approve.title()),
        template(approve.to()),
        approve.options(),
        approve.form(),
        approve.quorum(),
        approve.remind() == null ? null : approve.remind().span(),
        escalate == null
            ? null
            : new Kind.Escalation(escalate.after().span(), template(escalate.to())),
        pause(approve.timeout(), common));
  }

  private static Kind.SubFlow subFlow(Syntax.Kind kind, Names.Meaning.SubFlow flow) {
    return kind instanceof Syntax.SubFlow written
        ? new Kind.SubFlow(
            flow.name(),
            flow.version(),
            template(written.input()),
            written.detached(),
            written.leaves())
        : new Kind.SubFlow(flow.name(), flow.version(), null, false, false);
  }

  private static Common common(
      Syntax.Options options, Handlers handlers, Kind kind, Step undo, Expansion.Target target) {
    boolean waits =
        switch (kind) {
          case Kind.Await a -> true;
          case Kind.AwaitSignal a -> true;
          case Kind.AwaitEvent a -> true;
          case Kind.Approve a -> true;
          default -> false;
        };
    return new Common(
        expression(options.when()),
        options.timeout() == null || waits ? null : options.timeout().span(),
        options.retry() == null ? Retry.UNSAID : options.retry().retry(),
        handlers,
        template(options.output()),
        template(options.idempotencyKey()),
        Boolean.TRUE.equals(options.atMostOnce()),
        Boolean.TRUE.equals(options.disabled()),
        options.deadline() == null ? null : options.deadline().span(),
        undo,
        options.mask() == null
            ? List.of()
            : options.mask().stream().map(Syntax.Mask::path).toList(),
        target.with(),
        target.given(),
        target.handlersWith(),
        target.undoWith());
  }

  private static Expression expression(Syntax.Expr expr) {
    return Optional.ofNullable(expr).map(Syntax.Expr::expression).orElse(null);
  }

  private static Template template(Syntax.Data data) {
    return data == null ? null : data.template();
  }
}
