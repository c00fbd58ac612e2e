package io.orchestrator.simulation;

import io.orchestrator.flow.Plan;
import io.orchestrator.reference.Ending;
import io.orchestrator.reference.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the world outside does with a call or a wait: a function of the seed, the step's instance
 * path and the attempt, and of nothing else. Engine and model see the same world.
 */
record Oracle(long seed) {
  private static final int HUGE_CHARS = 60_000;

  private SplittableRandom random(Object... of) {
    return new SplittableRandom(seed * 31 + List.of(of).hashCode() * 0x9e3779b97f4a7c15L);
  }

  /** How the call of an attempt ends, and after how long. */
  Ending.Call call(String path, int attempt, boolean awaits, String adapter) {
    SplittableRandom random = random("call", path, attempt, adapter);
    int dice = random.nextInt(100);
    long millis = random.nextInt(3_000);
    return new Ending.Call(ending(path, attempt, awaits, dice, millis), millis);
  }

  private Ending ending(String path, int attempt, boolean awaits, int dice, long millis) {
    if (dice < 10) {
      return refusal("adapter_unavailable", 503, true, null, 0);
    }
    if (dice < 14) {
      return refusal("rate_limited", 429, true, null, dice * 1_000L);
    }
    if (dice < 17) {
      return refusal("timeout", 0, true, null, 0);
    }
    if (dice < 24) {
      return refusal("adapter_error", 500, dice < 20, Map.of("why", path), 0);
    }
    if (awaits) {
      Object said = dice % 2 == 0 ? null : Map.of("id", path);
      return new Ending.Later(said, words(path, attempt, millis));
    }
    if (dice < 25 && random("huge", path).nextInt(5) == 0) {
      return new Ending.Value(Map.of("v", "x".repeat(HUGE_CHARS)));
    }
    return new Ending.Value(
        dice < 29 ? null : Map.of("v", (long) dice, "of", path + "#" + attempt));
  }

  private static Ending refusal(
      String type, int status, boolean retryable, Object data, long retryAfter) {
    return new Ending.Refusal(new Fault(type, type, status, retryable, "a", data, retryAfter));
  }

  /**
   * What is said to a wait: late, early (before the call has returned), twice, never, or that it
   * failed.
   *
   * @param millis how long the call takes that announces it, 0 if there is none
   */
  private List<Ending.Word> words(String path, int attempt, long millis) {
    Object answer = Map.of("answer", path);
    return switch (random("words", path, attempt).nextInt(6)) {
      case 0 -> List.of(new Ending.Word(millis + 40_000, answer, null));
      case 1 -> List.of(new Ending.Word(millis / 2, answer, null));
      case 2 ->
          List.of(
              new Ending.Word(millis + 4_000, answer, null),
              new Ending.Word(millis + 9_000, answer, null));
      case 3 -> List.of();
      case 4 ->
          List.of(
              new Ending.Word(
                  millis + 3_000,
                  null,
                  new Fault("adapter_error", "the other side gave up", 0, true, "", null, 0)));
      default -> List.of(new Ending.Word(millis + 500, null, null));
    };
  }

  /** What is said to a wait that is a step of its own. */
  List<Ending.Word> words(String path, int attempt) {
    return words(path, attempt, 1_000);
  }

  /** What is said to an execution by name, by the time since its start. */
  List<Ending.Word> words(String name) {
    SplittableRandom random = random("named", name);
    List<Ending.Word> words = new ArrayList<>();
    long at = 0;
    for (int i = random.nextInt(4); i > 0; i--) {
      at += 1 + random.nextInt(20_000);
      words.add(new Ending.Word(at, Map.of("said", name + i), null));
    }
    return words;
  }

  /** After how long somebody cancels the flow; negative: nobody does. */
  long cancelMillis(Plan plan) {
    boolean wanted = plan.terms().answersCancel() || (seed & 63) == 5;
    SplittableRandom random = random("cancel");
    return wanted && random.nextInt(3) > 0 ? random.nextInt(20_000) : -1;
  }

  Object input() {
    return Map.of("n", 7L, "yes", true, "list", List.of(1L, 2L));
  }
}
