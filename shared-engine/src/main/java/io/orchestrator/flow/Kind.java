package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a step does. */
public sealed interface Kind {
  /**
   * The blocks of steps inside, in the order that {@link Place#clause} counts; empty for a leaf.
   */
  default List<List<Step>> blocks() {
    return List.of();
  }

  /** Whether something outside is done for it: a call, a look for an event, the start of a flow. */
  default boolean calls() {
    return false;
  }

  /**
   * Calls an adapter's action.
   *
   * @param params null: the step is given the whole input
   * @param fallback what to call instead when this adapter is unavailable, in order
   * @param await not null: after the call the step waits for a callback
   */
  record Call(String adapter, String action, Template params, List<Fallback> fallback, Await await)
      implements Kind {
    @Override
    public boolean calls() {
      return true;
    }
  }

  /** Another adapter's action, called with the same params. */
  record Fallback(String adapter, String action) {}

  /**
   * Runs its branches at the same time and joins them.
   *
   * @param concurrency how many branches are at work at the same time
   */
  record Parallel(List<Step> branches, Join join, int concurrency) implements Kind {
    @Override
    public List<List<Step>> blocks() {
      return List.of(branches);
    }
  }

  /** Takes one of two branches. */
  record Conditional(Expression condition, List<Step> then, List<Step> otherwise) implements Kind {
    @Override
    public List<List<Step>> blocks() {
      return List.of(then, otherwise);
    }
  }

  /**
   * Takes the first case that fits.
   *
   * @param value what the cases are compared with; null if each has a condition
   * @param otherwise what is done if none fits
   */
  record Switch(Expression value, List<Case> cases, List<Step> otherwise) implements Kind {
    @Override
    public List<List<Step>> blocks() {
      List<List<Step>> blocks = new ArrayList<>(cases.size() + 1);
      cases.forEach(one -> blocks.add(one.steps()));
      blocks.add(otherwise);
      return blocks;
    }
  }

  /**
   * One case of a switch.
   *
   * @param label what the value must be as a text; for one with a condition its number, from 1
   * @param when null if the label decides
   */
  record Case(String label, Expression when, List<Step> steps) {}

  /**
   * A group of steps, one after the other.
   *
   * @param atEnd what is done in any case after them
   */
  record Group(List<Step> steps, List<Step> atEnd) implements Kind {
    @Override
    public List<List<Step>> blocks() {
      return List.of(steps, atEnd);
    }
  }

  /** Does its body again and again. */
  sealed interface Loop extends Kind {
    /** What each iteration does. */
    List<Step> body();

    @Override
    default List<List<Step>> blocks() {
      return List.of(body());
    }
  }

  /**
   * Does its body for each item of a list.
   *
   * @param as a name for the item beside {@code $item}; null without
   * @param concurrency how many iterations are at work at the same time
   * @param tolerance how many iterations may fail
   * @param collect maps {@code $result} of an iteration to what is kept of it; null: as it is
   */
  record Foreach(
      Expression list,
      String as,
      List<Step> body,
      int concurrency,
      Tolerance tolerance,
      Template collect)
      implements Loop {}

  /**
   * Does its body until a condition holds, at most so often.
   *
   * @param until null: as often as {@code max} says
   * @param every the pause between two rounds; null: none
   * @param max rounds; 0: as long as {@code until} wants it
   */
  record Repeat(List<Step> body, Expression until, TimeSpan every, int max) implements Loop {}

  /** A durable timer. */
  record Wait(TimeSpan length) implements Kind {}

  /** Waits for a callback; as the modifier of a call, the call is made first. */
  record Await(TimeSpan timeout) implements Kind {}

  /** Waits for a signal of that name to this execution. */
  record AwaitSignal(String name, TimeSpan timeout) implements Kind {}

  /**
   * Waits for an event of the tenant.
   *
   * @param key what the event's key must be, worked out when the wait begins; null: any
   * @param match a condition on {@code $event}; null: none
   * @param buffer how long before the wait an event may have come; null: since the execution began
   */
  record AwaitEvent(
      String type, Expression key, Expression match, TimeSpan buffer, TimeSpan timeout)
      implements Kind {
    @Override
    public boolean calls() {
      return true;
    }
  }

  /**
   * Waits for people to decide.
   *
   * @param title a text
   * @param to a list of {@code role:x} and {@code user:y}; null: whoever may execute the flow
   * @param options what can be decided, at least one
   * @param form JSON Schema of what comes with a decision; null: nothing is asked for
   * @param quorum how many persons must have chosen the same option
   * @param remind how often they are reminded; null: never
   * @param escalate null: to nobody
   */
  record Approve(
      Template title,
      Template to,
      List<String> options,
      Map<String, Object> form,
      int quorum,
      TimeSpan remind,
      Escalation escalate,
      TimeSpan timeout)
      implements Kind {}

  /** Who may decide as well if nothing is decided in time; {@code to} gives a list. */
  record Escalation(TimeSpan after, Template to) {}

  /**
   * Runs another flow.
   *
   * @param version fixed when this version was published; empty: the one that its route gives
   * @param input null: the whole input
   * @param detached whether the step is done as soon as the other flow has started
   * @param leaves whether the other flow goes on when this step is cancelled
   */
  record SubFlow(String flow, String version, Template input, boolean detached, boolean leaves)
      implements Kind {
    @Override
    public boolean calls() {
      return true;
    }
  }

  /** Publishes an event; the template gives {@code {type, key, data}}. */
  record Emit(Template event) implements Kind {}

  /** Sets variables; the template gives a map. */
  record Assign(Template values) implements Kind {}

  /**
   * Fails unless a condition holds.
   *
   * @param message null: one that names the condition
   */
  record Assert(Expression condition, Template message) implements Kind {}

  /** Ends the execution early with a value. */
  record Return(Template value) implements Kind {}

  /** Fails. The template gives {@code {type, message, retryable, data}}. */
  record Raise(Template failure) implements Kind {}
}
