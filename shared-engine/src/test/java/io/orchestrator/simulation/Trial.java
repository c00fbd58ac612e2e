package io.orchestrator.simulation;

import io.orchestrator.flow.Plan;
import io.orchestrator.generator.RandomFlow;
import io.orchestrator.reference.Model;
import io.orchestrator.reference.Nature;
import io.orchestrator.reference.Observed;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** One flow in every world: without faults, with a crash at each point, with everything at once. */
final class Trial {
  private static final int ROUGH = 2;

  /** How much later than in a calm world things may come after one crash. */
  private static final long CRASH_MILLIS = 300_000;

  private static final long CALLS_MILLIS = 10_000;
  private static final long SWEEP_MILLIS = 5_000;

  private final long seed;
  private final Map<String, Plan> plans;
  private final World.Books books;
  private final Plan plan;
  private final World.Breakage breakage;
  private final Oracle oracle;
  private final boolean told;

  private final BooleanSupplier goesOn;

  /**
   * What was looked at.
   *
   * @param silent how often the model could not say how a flow ends, by its reason
   */
  record Count(int worlds, int ports, int judged, Map<String, Integer> silent) {
    static final Count NOTHING = new Count(0, 0, 0, Map.of());

    Count plus(Count other) {
      Map<String, Integer> both = new TreeMap<>(silent);
      other.silent.forEach((why, count) -> both.merge(why, count, Integer::sum));
      return new Count(
          worlds + other.worlds, ports + other.ports, judged + other.judged, Map.copyOf(both));
    }
  }

  private Trial(
      long seed,
      Map<String, Object> bundle,
      World.Breakage breakage,
      boolean told,
      BooleanSupplier goesOn) {
    this.seed = seed;
    this.plans = FlowText.plans(bundle);
    Map<String, Object> followed = breakage.flows(bundle);
    this.books = new World.Books(plans, followed.equals(bundle) ? plans : FlowText.plans(followed));
    this.plan = plans.get(RandomFlow.ROOT);
    this.breakage = breakage;
    this.oracle = new Oracle(seed, plans);
    this.told = told;
    this.goesOn = goesOn;
  }

  /** Runs it; throws an {@link AssertionError} that says what is wrong. */
  static Count of(long seed, Map<String, Object> bundle, World.Breakage breakage) {
    return of(seed, bundle, breakage, () -> true);
  }

  /** The same, as long as that says so before each world. */
  static Count of(
      long seed, Map<String, Object> bundle, World.Breakage breakage, BooleanSupplier goesOn) {
    return new Trial(seed, bundle, breakage, false, goesOn).run();
  }

  /** What is wrong with it, with everything that happened until then; null if nothing is. */
  static String story(long seed, Map<String, Object> bundle, World.Breakage breakage) {
    try {
      new Trial(seed, bundle, breakage, true, () -> true).run();
      return null;
    } catch (AssertionError wrong) {
      return wrong.getMessage();
    }
  }

  private Count run() {
    boolean ahead = seed % 4 != 0;
    Models calm = new Models(calm(ahead));
    World world = world("without faults", Faults.none(ahead), calm);
    Models late = new Models(slack(CRASH_MILLIS, SWEEP_MILLIS, true));
    for (int at : world.crashes()) {
      if (goesOn.getAsBoolean()) {
        world("with a crash at " + at, Faults.crash(at, ahead), late);
      }
    }
    for (int i = 0; i < ROUGH && goesOn.getAsBoolean(); i++) {
      world("in the rough " + i, Faults.rough(seed + i), null);
    }
    String silence = calm.silence() == null ? late.silence() : calm.silence();
    Map<String, Integer> silent =
        silence == null ? Map.of() : Map.of(silence.replaceAll("[a-z]\\d\\S*", "X"), 1);
    int worlds = 1 + world.crashes().size() + ROUGH;
    return new Count(worlds, world.ports(), silence == null ? 1 : 0, silent);
  }

  /**
   * Without running ahead, what is ready waits until the calls that are under way have ended; and
   * one process has one stack, so that an execution on top of it holds up those below.
   */
  private Nature.Slack calm(boolean ahead) {
    boolean alone = plans.size() == 1 && oracle.starts(plan) == 1;
    long millis = !alone ? CRASH_MILLIS : ahead ? 0 : CALLS_MILLIS;
    return slack(millis, Math.min(SWEEP_MILLIS, millis), false);
  }

  private Nature.Slack slack(long millis, long late, boolean faulty) {
    long paused = oracle.pausedMillis(plans);
    boolean replaced =
        plan.terms().concurrency() != null
            && switch (plan.terms().concurrency().onLimit()) {
              case QUEUE, REJECT -> false;
              case CANCEL_OLDEST, REPLACE -> true;
            };
    long noticed = plans.size() > 1 || oracle.starts(plan) > 1 ? millis : late;
    return new Nature.Slack(
        millis + paused, Math.max(noticed, Math.min(paused, millis + paused)), faulty, replaced);
  }

  /** What the model says of each of the executions that are started. */
  private final class Models {
    private final Nature.Slack slack;
    private final Map<String, Model> models = new HashMap<>();

    Models(Nature.Slack slack) {
      this.slack = slack;
      for (int i = 0; i < oracle.starts(plan); i++) {
        of(Chronicle.root(i));
      }
    }

    Model of(String execution) {
      return models.computeIfAbsent(
          execution, name -> Model.of(plan, new Nature(oracle, name, oracle.input(), slack)));
    }

    String silence() {
      return models.values().stream()
          .map(Model::silence)
          .filter(why -> why != null)
          .findFirst()
          .orElse(null);
    }
  }

  private World world(String name, Faults faults, Models models) {
    World world = new World(books, oracle, faults, breakage, told);
    try {
      world.run();
      if (models != null) {
        world.chronicle().roots().forEach((root, seen) -> judge(root, models.of(root), seen));
      }
      return world;
    } catch (AssertionError | RuntimeException wrong) {
      throw new AssertionError(
          name + ": " + wrong.getMessage() + "\n" + world.chronicle().story(), wrong);
    }
  }

  private static void judge(String root, Model model, Observed seen) {
    String objection = model.objection(seen);
    if (objection != null) {
      throw new AssertionError(
          (root.isEmpty() ? "" : root + " ") + objection + "\nallowed: " + model.outcomes());
    }
  }
}
