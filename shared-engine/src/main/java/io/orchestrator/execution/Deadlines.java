package io.orchestrator.execution;

import io.orchestrator.expression.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** How much time a step has for all of its attempts. */
final class Deadlines {
  /** In the data of a step whose time is over: how its last attempt failed. */
  private static final String LAST_ATTEMPT = "last_attempt";

  private Deadlines() {}

  /**
   * What is left of a step's time; null if it has no deadline, not positive if it is over.
   *
   * @param began when its first attempt began
   */
  static Duration left(Instance step, Instant began, Scope scope, Instant now) {
    return step.common().deadline() == null
        ? null
        : Duration.between(now, began.plus(Spans.length(step.common().deadline(), scope, began)));
  }

  /** The shorter of the two; null is no bound. */
  static Duration shorter(Duration one, Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** The failure of a step whose time is over. */
  static Failure over(Instance step, Failure last) {
    String why = last == null ? "" : "; the last attempt: " + last.message();
    return new Failure(
        "timeout",
        "the deadline of " + step.id() + " leaves no time for another attempt" + why,
        0,
        true,
        last == null ? "" : last.adapter(),
        last == null ? null : Map.of(LAST_ATTEMPT, last.toData()),
        null);
  }

  /**
   * The failure that tells what the other side may have done: of a step whose time is over, that of
   * its last attempt.
   */
  @SuppressWarnings("unchecked") // The keys of data are texts.
  static Failure cause(Failure failure) {
    return failure.data() instanceof Map<?, ?> data
            && data.size() == 1
            && data.get(LAST_ATTEMPT) instanceof Map<?, ?> last
        ? Failure.of((Map<String, Object>) last)
        : failure;
  }
}
