package io.orchestrator.simulation;

import io.orchestrator.flow.Plan;
import io.orchestrator.reference.Ending;
import io.orchestrator.reference.Fault;
import io.orchestrator.reference.Surroundings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the world outside does: a function of the seed, the name of the execution, the step's
 * instance path and the attempt, and of nothing else. Engine and model see the same world.
 *
 * @param plans of its flows, by name
 */
record Oracle(long seed, Map<String, Plan> plans) implements Surroundings {
  static final String KEY = "k";

  /** What flows that mask {@code input.pin} must never store in clear. */
  static final String HIDDEN = "canary-0815";

  private static final int HUGE_CHARS = 60_000;
  private static final int STARTS_MAX = 3;
  private static final int PAUSE_MAX = 30_000;
  private static final List<String> PEOPLE =
      List.of("user:ann", "user:bob", "user:cid", "user:eve");
  private static final List<String> DECISIONS =
      List.of("approve", "approve", "approve", "approve", "reject", "later");

  private SplittableRandom random(Object... of) {
    return new SplittableRandom(seed * 31 + List.of(of).hashCode() * 0x9e3779b97f4a7c15L);
  }

  @Override
  public Plan plan(String flow) {
    return plans.get(flow);
  }

  @Override
  public String key() {
    return KEY;
  }

  // -- calls

  @Override
  public Ending.Call call(
      String execution, String path, int attempt, boolean awaits, String adapter) {
    String where = execution + path;
    SplittableRandom random = random("call", where, attempt, adapter);
    int dice = random.nextInt(100);
    long millis = random.nextInt(3_000);
    return new Ending.Call(ending(where, attempt, awaits, dice, millis), millis);
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
    if (dice >= 70) {
      Object usage = Map.of("tokens", (long) dice, "cost", new BigDecimal(dice).movePointLeft(2));
      return new Ending.Value(Map.of("v", (long) dice, "usage", usage));
    }
    return new Ending.Value(
        dice < 29 ? null : Map.of("v", (long) dice, "of", path + "#" + attempt));
  }

  private static Ending refusal(
      String type, int status, boolean retryable, Object data, long retryAfter) {
    return new Ending.Refusal(new Fault(type, type, status, retryable, "a", data, retryAfter));
  }

  // -- answers, signals, events, decisions

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

  @Override
  public List<Ending.Word> answers(String execution, String path, int attempt) {
    return words(execution + path, attempt, 1_000);
  }

  @Override
  public List<Ending.Word> words(String execution, String name) {
    if (name.startsWith("nothing")) {
      return List.of();
    }
    SplittableRandom random = random("named", execution + name);
    List<Ending.Word> words = new ArrayList<>();
    long at = 0;
    for (int i = random.nextInt(4); i > 0; i--) {
      at += 1 + random.nextInt(20_000);
      words.add(new Ending.Word(at, Map.of("said", name + i), null));
    }
    return words;
  }

  @Override
  public List<Ending.Vote> votes(String execution, String path, int attempt) {
    SplittableRandom random = random("votes", execution + path, attempt);
    List<Ending.Vote> votes = new ArrayList<>();
    long at = 0;
    for (int i = random.nextInt(6); i > 0; i--) {
      at += 1 + random.nextInt(20_000);
      String by = PEOPLE.get(random.nextInt(PEOPLE.size()));
      votes.add(new Ending.Vote(at, by, DECISIONS.get(random.nextInt(DECISIONS.size()))));
    }
    return votes;
  }

  // -- starts, and what people do with executions

  /** How often a flow is started: more than once if that matters to it. */
  int starts(Plan plan) {
    return plan.terms().concurrency() != null || plan.terms().idempotency() != null
        ? STARTS_MAX
        : 1;
  }

  /** When it is started for that time, from 0. */
  long startMillis(int number) {
    return number == 0 ? 0 : random("start", number).nextInt(15_000);
  }

  @Override
  public long cancelMillis(String execution, Plan plan) {
    if (starts(plan) > 1) {
      return -1; // it may wait for its turn then, or have taken somebody's
    }
    boolean wanted =
        plan.terms().answersCancel()
            || (seed & 63) == 5
            || random("why", execution).nextInt(60) == 0;
    SplittableRandom random = random("cancel", execution);
    return wanted && random.nextInt(3) > 0 ? random.nextInt(20_000) : -1;
  }

  /** After how long somebody pauses an execution; negative: nobody does. */
  long pauseMillis(String execution) {
    SplittableRandom random = random("pause", execution);
    return random.nextInt(20) == 0 ? random.nextInt(20_000) : -1;
  }

  /** After how long somebody resumes what is paused for that time. */
  long resumeMillis(String execution, int number) {
    return 1L + random("resume", execution, number).nextInt(PAUSE_MAX);
  }

  /** For how long executions may be paused in all. */
  long pausedMillis(Map<String, Plan> all) {
    boolean pauses = all.size() > 1;
    for (int i = 0; i < STARTS_MAX; i++) {
      pauses |= pauseMillis(Chronicle.root(i)) >= 0;
    }
    boolean often = all.values().stream().anyMatch(plan -> plan.terms().budget().pauses());
    return often ? 20 * PAUSE_MAX : pauses ? 2 * PAUSE_MAX : 0;
  }

  Object input() {
    return Map.of("n", 7L, "yes", true, "list", List.of(1L, 2L), "pin", HIDDEN);
  }
}
