package io.orchestrator.flow;

import io.orchestrator.expression.Expression;

/**
 * How many executions of a flow may be at work at the same time.
 *
 * @param key of those that count together; null: all of the flow
 * @param onLimit what becomes of one more
 */
public record Concurrency(int limit, Expression key, OnLimit onLimit) {
  /** What becomes of a start for which there is no room. */
  public enum OnLimit {
    /** It is accepted and begins when there is room. */
    QUEUE,
    /** It is refused. */
    REJECT,
    /** The oldest one at work is cancelled to make room. */
    CANCEL_OLDEST,
    /** All others of the key are cancelled. */
    REPLACE
  }
}
