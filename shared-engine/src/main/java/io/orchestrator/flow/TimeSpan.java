package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.time.Duration;

/** How long, as a flow says it. */
public sealed interface TimeSpan {
  /** Written out. */
  record Fixed(Duration duration) implements TimeSpan {}

  /** The expression gives a duration as text ({@code 15m}, {@code PT15M}). */
  record Computed(Expression expression) implements TimeSpan {}

  /** The expression gives the instant at which it ends, as ISO-8601 text. */
  record Until(Expression instant) implements TimeSpan {}
}
