package io.orchestrator.execution;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the world does with a call: a function of the seed, the step's path and the attempt, and of
 * nothing else.
 */
record Oracle(long seed) {
  /** How a call ends. */
  sealed interface Outcome {
    record Value(Object value) implements Outcome {}

    record Refusal(Failure failure) implements Outcome {}

    record Later(Object answer) implements Outcome {}
  }

  /** What comes of a wait that a path announces. */
  enum Answering {
    LATE,
    EARLY,
    TWICE,
    NEVER,
    REFUSED
  }

  private SplittableRandom random(Object... of) {
    return new SplittableRandom(seed * 31 + List.of(of).hashCode() * 0x9e3779b97f4a7c15L);
  }

  Outcome call(String path, int attempt, boolean awaits) {
    int dice = random("call", path, attempt).nextInt(100);
    if (dice < 12) {
      return new Outcome.Refusal(Failure.temporary("adapter_unavailable", "503"));
    }
    if (dice < 17) {
      return new Outcome.Refusal(
          new Failure("rate_limited", "429", 429, true, "a", null, Duration.ofSeconds(dice)));
    }
    if (dice < 21) {
      return new Outcome.Refusal(Failure.temporary("timeout", "slow"));
    }
    if (dice < 28) {
      return new Outcome.Refusal(
          new Failure("adapter_error", "500", 500, dice < 24, "a", Map.of("why", path), null));
    }
    if (awaits || dice < 29) {
      return new Outcome.Later(dice % 2 == 0 ? null : Map.of("id", path));
    }
    return new Outcome.Value(
        dice < 33 ? null : Map.of("v", (long) dice, "of", path + "#" + attempt));
  }

  Duration latency(String path, int attempt) {
    return Duration.ofMillis(random("latency", path, attempt).nextInt(3_000));
  }

  Answering answering(String path) {
    Answering[] all = Answering.values();
    return all[random("answering", path).nextInt(all.length)];
  }

  Object answer(String path) {
    return Map.of("answer", path);
  }
}
