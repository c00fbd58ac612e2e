package io.orchestrator.flow;

import java.math.BigDecimal;

/**
 * What an execution may use up; looked at before each call.
 *
 * @param steps calls that it may begin, repetitions not counted; null: any number
 * @param transitions lines that its history may have
 * @param tokens that its adapters may report; null: any number
 * @param cost that its adapters may report; null: any
 * @param pauses whether it is paused then, until the budget is raised; else it fails
 */
public record Budget(Long steps, long transitions, Long tokens, BigDecimal cost, boolean pauses) {
  /** Of a flow that says nothing. */
  public static final Budget DEFAULT =
      new Budget(null, FlowLimits.TRANSITIONS_DEFAULT, null, null, false);

  /** This budget with what another one gives instead; null there keeps what is here. */
  public Budget raisedTo(Long steps, Long transitions, Long tokens, BigDecimal cost) {
    return new Budget(
        steps == null ? this.steps : steps,
        transitions == null ? this.transitions : transitions,
        tokens == null ? this.tokens : tokens,
        cost == null ? this.cost : cost,
        pauses);
  }
}
