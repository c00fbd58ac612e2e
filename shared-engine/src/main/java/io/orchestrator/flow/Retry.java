package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.time.Duration;
import java.util.List;

/**
 * When and after how long a failed attempt is made again.
 *
 * @param attempts calls in all, at least 1
 * @param delays not empty: these, the last one repeated; else computed from the rest
 * @param delay of the first repetition
 * @param factor by which an exponential delay grows
 * @param maxDelay bounds every computed delay; null: {@link #MAX_DELAY}, or the first if that is
 *     longer, for what the author wrote is not cut by a bound that he did not write
 * @param only globs; not empty: only these types are retried
 * @param except globs: these types never are
 * @param when null: whatever is retryable
 * @param said whether the flow wrote it; unsaid, only {@code adapter_unavailable} and {@code
 *     rate_limited} are retried
 */
public record Retry(
    int attempts,
    Backoff backoff,
    List<TimeSpan> delays,
    TimeSpan delay,
    double factor,
    TimeSpan maxDelay,
    Jitter jitter,
    List<String> only,
    List<String> except,
    Expression when,
    boolean said) {
  /** No computed delay is longer unless the flow says so. */
  public static final Duration MAX_DELAY = Duration.ofSeconds(60);

  /** How the delay grows. */
  public enum Backoff {
    CONSTANT,
    LINEAR,
    EXPONENTIAL
  }

  /** How much of a delay is left to (derived) chance. */
  public enum Jitter {
    NONE,
    EQUAL,
    FULL
  }

  /** What holds for a step that says nothing: three attempts in all with the default back-off. */
  public static final Retry UNSAID =
      new Retry(
          3,
          Backoff.EXPONENTIAL,
          List.of(),
          new TimeSpan.Fixed(Duration.ofSeconds(1)),
          2,
          null,
          Jitter.FULL,
          List.of(),
          List.of(),
          null,
          false);
}
