package io.orchestrator.queue;

import java.time.Duration;

/**
 * A hint on its way: to which queue, and when it is to arrive; delays over 15 minutes are cut to 15
 * (the limit of SQS).
 */
public record Outgoing(QueueName queue, Hint hint, Duration delay) {
  private static final Duration DELAY_MAX = Duration.ofMinutes(15);

  public Outgoing {
    delay = delay.isNegative() ? Duration.ZERO : delay.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : delay;
  }

  /** A hint that is to arrive at once. */
  public static Outgoing now(QueueName queue, Hint hint) {
    return new Outgoing(queue, hint, Duration.ZERO);
  }
}
