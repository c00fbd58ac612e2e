package io.orchestrator.simulation;

import io.orchestrator.flow.Plan;
import io.orchestrator.reference.Model;
import io.orchestrator.reference.Nature;
import java.util.List;
import java.util.Map;

/** One flow in every world: without faults, with a crash at each point, with everything at once. */
final class Trial {
  private static final int ROUGH = 2;

  /** How much later than in a calm world things may come after one crash. */
  private static final long SLACK = 300_000;

  private static final long CALLS_MAX = 10_000;

  private final long seed;
  private final Plan plan;
  private final World.Breakage breakage;
  private final Oracle oracle;

  /** What was looked at. */
  record Count(int worlds, int ports, int judged) {
    Count plus(Count other) {
      return new Count(worlds + other.worlds, ports + other.ports, judged + other.judged);
    }
  }

  private Trial(long seed, Map<String, Object> tree, World.Breakage breakage) {
    this.seed = seed;
    this.plan = FlowText.plan(tree);
    this.breakage = breakage;
    this.oracle = new Oracle(seed);
  }

  /** Runs it; throws an {@link AssertionError} that says what is wrong. */
  static Count of(long seed, Map<String, Object> tree, World.Breakage breakage) {
    return new Trial(seed, tree, breakage).run();
  }

  private Count run() {
    boolean ahead = seed % 4 != 0;
    // Without running ahead, what is ready waits until the calls that are under way have ended.
    Model calm = model(ahead ? 0 : CALLS_MAX, false);
    World world = world("without faults", Faults.none(ahead), calm);
    int points = world.ports();
    Model late = model(SLACK, true);
    for (int at = 1; at <= points; at++) {
      world("with a crash at " + at, Faults.crash(at, ahead), late);
    }
    for (int i = 0; i < ROUGH; i++) {
      world("in the rough " + i, Faults.rough(seed + i), null);
    }
    return new Count(1 + points + ROUGH, points, calm.speaks() && late.speaks() ? 1 : 0);
  }

  private Model model(long slack, boolean faulty) {
    return Model.of(
        plan,
        new Nature(
            oracle::call,
            (path, attempt) -> oracle.words(path, attempt),
            name -> name.startsWith("nothing") ? List.of() : oracle.words(name),
            Outside.KEY,
            oracle.input(),
            oracle.cancelMillis(plan),
            slack,
            faulty));
  }

  private World world(String name, Faults faults, Model model) {
    World world = new World(plan, oracle, faults, breakage);
    try {
      world.run();
      String objection = model == null ? null : model.objection(world.truth().observed());
      if (objection != null) {
        throw new AssertionError(objection + "\nallowed: " + model.outcomes());
      }
      return world;
    } catch (AssertionError | RuntimeException wrong) {
      throw new AssertionError(
          name + ": " + wrong.getMessage() + "\n" + world.truth().story(), wrong);
    }
  }
}
