package io.orchestrator.reference;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Retry;
import java.util.List;

/** Whether a failed attempt is made again, and when. */
final class Repetition {
  private Repetition() {}

  /** The pause before the next attempt: at least and at most so long. */
  record Pause(long least, long most) {}

  /**
   * Null if there is no other attempt.
   *
   * @param tried attempts since the step was entered
   * @param error for {@code retry.when}
   */
  static Pause after(Retry retry, Fault fault, int tried, Scope error) {
    if (tried >= retry.attempts() || !wanted(retry, fault, error)) {
      return null;
    }
    double planned = planned(retry, tried);
    long most = Math.max((long) planned, fault.retryAfterMillis());
    double least =
        switch (retry.jitter()) {
          case NONE -> planned;
          case EQUAL -> planned / 2;
          case FULL -> 0;
        };
    return new Pause(Math.max((long) least, fault.retryAfterMillis()), most + 1);
  }

  private static boolean wanted(Retry retry, Fault fault, Scope error) {
    if (!retry.said()) {
      return List.of("adapter_unavailable", "rate_limited").contains(fault.type());
    }
    boolean excluded = fits(retry.except(), fault.type());
    boolean refused;
    try {
      refused = retry.when() != null && !retry.when().condition(error);
    } catch (ExpressionException e) {
      return false;
    }
    boolean chosen =
        retry.only().isEmpty()
            ? retry.when() != null || fault.retryable()
            : fits(retry.only(), fault.type());
    return !excluded && !refused && chosen;
  }

  private static double planned(Retry retry, int tried) {
    if (!retry.delays().isEmpty()) {
      int index = Math.min(tried, retry.delays().size()) - 1;
      return Steps.millis(retry.delays().get(index));
    }
    double first = Steps.millis(retry.delay());
    double delay = first;
    for (int i = 1; i < tried && retry.backoff() != Retry.Backoff.CONSTANT; i++) {
      delay = retry.backoff() == Retry.Backoff.LINEAR ? delay + first : delay * retry.factor();
    }
    double most =
        retry.maxDelay() == null
            ? Math.max(first, (double) Retry.MAX_DELAY.toMillis())
            : (double) Steps.millis(retry.maxDelay());
    return Math.min(delay, most);
  }

  /** Whether a type fits one of the globs. */
  static boolean fits(List<String> globs, String type) {
    return globs.stream()
        .anyMatch(glob -> type.matches("\\Q" + glob.replace("*", "\\E.*\\Q") + "\\E"));
  }
}
