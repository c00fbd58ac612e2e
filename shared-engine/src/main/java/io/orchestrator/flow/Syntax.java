package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parts of a flow as they were written: names unresolved, each with its place in the text. */
public final class Syntax {
  private Syntax() {}

  /** A step with its id. */
  public record Step(Label label, Body body) {
    /** Unique in the flow. */
    public String id() {
      return label.id();
    }

    /** Where it stands: the key that names it, or the bare name. */
    public Spot spot() {
      return label.spot();
    }
  }

  /** What a step, or a definition, does and how. */
  public record Body(Spot spot, Kind kind, Options options) {}

  /** What is done. */
  public sealed interface Kind {
    /** The blocks of steps inside, as in {@link io.orchestrator.flow.Kind#blocks()}. */
    default List<List<Step>> blocks() {
      return List.of();
    }
  }

  /** What a step does itself, without following a name. */
  public sealed interface Own extends Kind {}

  /** Something of which a problem has been told. */
  public record Broken() implements Kind {}

  /** A bare name. */
  public record Named(Spot spot, String name) implements Kind {}

  /**
   * A call; {@code action} is empty for the default one, {@code params} null for the whole input.
   */
  public record Call(
      Spot spot, String adapter, Spot actionSpot, String action, Data params, Await await)
      implements Kind {}

  /** A defined step; {@code with} is null for nothing. */
  public record Use(Spot spot, String name, Data with) implements Kind {}

  /** Branches at the same time. */
  public record Parallel(List<Step> branches, Join join, int concurrency) implements Own {
    @Override
    public List<List<Step>> blocks() {
      return List.of(branches);
    }
  }

  /** One of two branches. */
  public record Conditional(Expr condition, List<Step> then, List<Step> otherwise) implements Own {
    @Override
    public List<List<Step>> blocks() {
      return List.of(then, otherwise);
    }
  }

  /** One of several cases; {@code value} is null if each has a condition. */
  public record Switch(Expr value, List<Case> cases, List<Step> otherwise) implements Own {
    @Override
    public List<List<Step>> blocks() {
      List<List<Step>> blocks = new ArrayList<>(cases.size() + 1);
      cases.forEach(one -> blocks.add(one.steps()));
      blocks.add(otherwise);
      return blocks;
    }
  }

  /** A case; {@code when} is null if the label decides. */
  public record Case(Spot spot, String label, Expr when, List<Step> steps) {}

  /** A group; {@code atEnd} is empty without {@code finally}. */
  public record Group(List<Step> steps, List<Step> atEnd) implements Own {
    @Override
    public List<List<Step>> blocks() {
      return List.of(steps, atEnd);
    }
  }

  /** A loop over a list; {@code as} and {@code collect} are null without. */
  public record Foreach(
      Expr list, Item as, List<Step> body, int concurrency, Tolerance tolerance, Data collect)
      implements Own {
    @Override
    public List<List<Step>> blocks() {
      return List.of(body);
    }
  }

  /** What an item is called. */
  public record Item(Spot spot, String name) {}

  /** A loop until something holds; {@code until} and {@code every} are null without, max is 0. */
  public record Repeat(List<Step> body, Expr until, Span every, int max) implements Own {
    @Override
    public List<List<Step>> blocks() {
      return List.of(body);
    }
  }

  /** A timer. */
  public record Wait(Span length) implements Own {}

  /** A wait for a callback. */
  public record Await(Span timeout) implements Own {}

  /** A wait for a signal. */
  public record AwaitSignal(String name, Span timeout) implements Own {}

  /** A wait for an event; {@code key}, {@code match} and {@code buffer} are null without. */
  public record AwaitEvent(String type, Expr key, Expr match, Span buffer, Span timeout)
      implements Own {}

  /**
   * A decision of people; what is not written is null, {@code options} and {@code quorum} aside.
   */
  public record Approve(
      Data title,
      Data to,
      List<String> options,
      Map<String, Object> form,
      int quorum,
      Span remind,
      Escalation escalate,
      Span timeout)
      implements Own {}

  /** Who decides if nobody has in time. */
  public record Escalation(Span after, Data to) {}

  /** Another flow; {@code range} is empty for its current version, {@code input} null without. */
  public record SubFlow(
      Spot spot, String name, String range, Data input, boolean detached, boolean leaves)
      implements Kind {}

  /** An event. */
  public record Emit(Data event) implements Own {}

  /** Variables. */
  public record Assign(Data values, Set<String> names) implements Own {}

  /** A check; {@code message} is null without. */
  public record Assert(Expr condition, Data message) implements Own {}

  /** An early end. */
  public record Return(Data value) implements Own {}

  /** A failure. */
  public record Raise(Data failure) implements Own {}

  /** The common keys; null is what was not written. */
  public record Options(
      Expr when,
      Span timeout,
      Retrying retry,
      Handling onError,
      Data output,
      Data idempotencyKey,
      Boolean atMostOnce,
      Boolean disabled,
      String description,
      Span deadline,
      List<Named> fallback,
      Step compensate,
      List<Mask> mask) {
    static final Options NONE =
        new Options(null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** A place in data that nobody may see in clear. */
  public record Mask(Spot spot, MaskPath path) {}

  /**
   * A retry with the keys that were written.
   *
   * @param spans every length of time in it
   * @param foreign the types of errors in it that the language does not know
   */
  public record Retrying(
      Spot spot,
      Retry retry,
      Expr when,
      List<Span> spans,
      Set<String> written,
      List<Named> foreign) {}

  /** Error handlers. */
  public record Handling(Spot spot, List<Clause> clauses) {}

  /**
   * One clause of error handlers; no types catch every one.
   *
   * @param foreign those of the types that the language does not know
   */
  public record Clause(
      Spot spot,
      List<String> types,
      List<Named> foreign,
      Expr when,
      List<Step> steps,
      Handlers.Then then) {}

  /** An expression in the text that holds it; {@code condition} if it must be true or false. */
  public record Expr(Expression expression, Node.Scalar node, boolean condition) {}

  /** Data with expressions in it. */
  public record Data(Template template, Node node) {}

  /** A length of time; {@code computed} is null if it is written out. */
  public record Span(TimeSpan span, Expr computed, Spot spot) {}
}
