package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.util.List;
import java.util.Objects;

/**
 * The keys that every step may have.
 *
 * @param when false: the step is skipped; null: always
 * @param timeout of each attempt; null: the adapter's own, none for a structure
 * @param onError {@link Handlers#NONE} without
 * @param output maps {@code $result} to what is stored; null: as it is
 * @param idempotencyKey null: execution, path and iteration
 * @param atMostOnce the call is never repeated: its start is committed before it is made
 * @param deadline over all attempts; null without
 * @param compensate what undoes it; null without
 * @param mask places in its data that nobody may see in clear
 * @param with what {@code $with} is inside a used definition; null if it is not one
 * @param given what {@code $with} is in the definitions that use it in turn, the outermost first
 * @param handlersWith how many of those definitions lie between it and its error handlers
 * @param undoWith how many lie between it and what undoes it
 */
public record Common(
    Expression when,
    TimeSpan timeout,
    Retry retry,
    Handlers onError,
    Template output,
    Template idempotencyKey,
    boolean atMostOnce,
    boolean disabled,
    TimeSpan deadline,
    Step compensate,
    List<MaskPath> mask,
    Template with,
    List<Template> given,
    int handlersWith,
    int undoWith) {
  /** None of them given. */
  public static final Common NONE =
      new Common(
          null,
          null,
          Retry.UNSAID,
          Handlers.NONE,
          null,
          null,
          false,
          false,
          null,
          null,
          List.of(),
          null,
          List.of(),
          0,
          0);

  public Common {
    Objects.requireNonNull(retry);
    Objects.requireNonNull(onError);
    mask = List.copyOf(mask);
    given = List.copyOf(given);
  }

  /** Whether the start of a call of it is committed before the call is made. */
  public boolean begins() {
    return atMostOnce || compensate != null;
  }

  /** The same without {@code output}. */
  Common withoutOutput() {
    return new Common(
        when,
        timeout,
        retry,
        onError,
        null,
        idempotencyKey,
        atMostOnce,
        disabled,
        deadline,
        compensate,
        mask,
        with,
        given,
        handlersWith,
        undoWith);
  }
}
