package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.util.List;

/** What a step does. */
public sealed interface Kind {
  /**
   * The blocks of steps inside, in the order that {@link Place#clause} counts; empty for a leaf.
   */
  default List<List<Step>> blocks() {
    return List.of();
  }

  /**
   * Calls an adapter's action.
   *
   * @param params null: the step is given the whole input
   * @param fallback what to call instead when this adapter is unavailable, in order
   * @param await not null: after the call the step waits for a callback
   */
  record Call(String adapter, String action, Template params, List<Fallback> fallback, Await await)
      implements Kind {}

  /** Another adapter's action, called with the same params. */
  record Fallback(String adapter, String action) {}

  /** Runs its branches at the same time and joins them. */
  record Parallel(List<Step> branches) implements Kind {
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

  /** A group of steps, one after the other. */
  record Group(List<Step> steps) implements Kind {
    @Override
    public List<List<Step>> blocks() {
      return List.of(steps);
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

  /** Sets variables; the template gives a map. */
  record Assign(Template values) implements Kind {}

  /** Ends the execution early with a value. */
  record Return(Template value) implements Kind {}

  /** Fails. The template gives {@code {type, message, retryable, data}}. */
  record Raise(Template failure) implements Kind {}
}
