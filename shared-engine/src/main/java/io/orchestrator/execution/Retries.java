package io.orchestrator.execution;

import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Retry;
import io.orchestrator.flow.TimeSpan;
import java.time.Duration;
import java.util.List;

/** Whether and when a failed attempt is made again. */
final class Retries {
  /** No delay is longer, whatever the flow or the other side says. */
  private static final Duration DELAY_MAX = Duration.ofDays(1);

  private Retries() {}

  /**
   * The delay before the next attempt, or null if there is none.
   *
   * @param attempt the one that failed, counted from 1 since the step was entered
   * @param seed execution, step and attempt: the jitter is derived from it, so that a repeated
   *     decision is the same one
   */
  static Duration delay(Retry retry, Failure failure, int attempt, String seed, Scope scope) {
    if (attempt >= retry.attempts() || !repeats(retry, failure, scope)) {
      return null;
    }
    Duration planned = jittered(retry, planned(retry, attempt, scope), seed);
    Duration asked = failure.retryAfter();
    Duration delay = asked != null && asked.compareTo(planned) > 0 ? asked : planned;
    return delay.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : delay;
  }

  private static boolean repeats(Retry retry, Failure failure, Scope scope) {
    if (!retry.said()) {
      return failure.type().equals("adapter_unavailable") || failure.type().equals("rate_limited");
    }
    if (matches(retry.except(), failure.type())) {
      return false;
    }
    if (retry.when() != null && !retry.when().condition(scope)) {
      return false;
    }
    if (!retry.only().isEmpty()) {
      return matches(retry.only(), failure.type());
    }
    return retry.when() != null || failure.retryable();
  }

  private static Duration planned(Retry retry, int attempt, Scope scope) {
    if (!retry.delays().isEmpty()) {
      TimeSpan written = retry.delays().get(Math.min(attempt, retry.delays().size()) - 1);
      return Spans.length(written, scope, scope.now());
    }
    Duration delay = Spans.length(retry.delay(), scope, scope.now());
    double first = delay.toMillis();
    double millis =
        switch (retry.backoff()) {
          case CONSTANT -> first;
          case LINEAR -> first * attempt;
          case EXPONENTIAL -> first * Math.pow(retry.factor(), attempt - 1.0);
        };
    return Duration.ofMillis(
        (long) Math.min(millis, (double) most(retry, delay, scope).toMillis()));
  }

  private static Duration most(Retry retry, Duration delay, Scope scope) {
    if (retry.maxDelay() != null) {
      return Spans.length(retry.maxDelay(), scope, scope.now());
    }
    return delay.compareTo(Retry.MAX_DELAY) > 0 ? delay : Retry.MAX_DELAY;
  }

  private static Duration jittered(Retry retry, Duration planned, String seed) {
    double share =
        switch (retry.jitter()) {
          case NONE -> 1;
          case EQUAL -> 0.5 + chance(seed) / 2;
          case FULL -> chance(seed);
        };
    return Duration.ofMillis(Math.round((double) planned.toMillis() * share));
  }

  /**
   * A number from 0 to 1 that only the seed decides (the finaliser of SplitMix64 spreads the hash).
   */
  private static double chance(String seed) {
    long bits = 0xcbf29ce484222325L;
    for (int i = 0; i < seed.length(); i++) {
      bits = (bits ^ seed.charAt(i)) * 0x100000001b3L;
    }
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return ((bits ^ (bits >>> 31)) >>> 11) / (double) (1L << 53);
  }

  /** Whether one of the globs matches the type; {@code *} stands for any text. */
  static boolean matches(List<String> globs, String type) {
    return globs.stream().anyMatch(glob -> matches(glob, type));
  }

  /**
   * Only the last star is ever tried again, so the cost is at most glob times type, whatever a
   * callback calls its failure.
   */
  private static boolean matches(String glob, String type) {
    int g = 0;
    int t = 0;
    int star = -1;
    int from = 0;
    while (t < type.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        from = t;
      } else if (g < glob.length() && glob.charAt(g) == type.charAt(t)) {
        g++;
        t++;
      } else if (star >= 0) {
        g = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }
}
