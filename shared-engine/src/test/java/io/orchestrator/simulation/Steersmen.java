package io.orchestrator.simulation;

import io.orchestrator.engine.Resumption;
import io.orchestrator.execution.Raise;
import io.orchestrator.flow.Budget;
import io.orchestrator.flow.Plan;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** People who cancel executions, pause them and let them go on. */
final class Steersmen {
  private static final int RAISE_STEPS = 2;
  private static final int RAISES_MAX = 100;

  private final World world;
  private final Oracle oracle;
  private final Map<UUID, Integer> pauses = new HashMap<>();

  Steersmen(World world, Oracle oracle) {
    this.world = world;
    this.oracle = oracle;
  }

  /** An execution has begun. */
  void begins(UUID execution, String name, Plan plan) {
    long cancel = oracle.cancelMillis(name, plan);
    if (cancel >= 0) {
      world.insist(cancel * 1_000, () -> cancel(execution));
    }
    long pause = oracle.pauseMillis(name);
    if (pause >= 0) {
      world.insist(pause * 1_000, () -> pause(execution));
    }
  }

  /** It is paused, by somebody or because its budget is used up: somebody will resume it. */
  void paused(UUID execution) {
    int number = pauses.merge(execution, 1, Integer::sum);
    String name = world.chronicle().of(execution).name();
    long after = oracle.resumeMillis(name, number) * 1_000;
    world.insist(after, () -> resume(execution, number));
  }

  private boolean cancel(UUID execution) {
    return world.attempt(
        process ->
            world
                .chronicle()
                .tell(world.micros(), process.engine().cancel(World.TENANT, execution, "enough")));
  }

  private boolean pause(UUID execution) {
    return world.attempt(
        process ->
            world
                .chronicle()
                .tell(world.micros(), process.engine().pause(World.TENANT, execution, "wait")));
  }

  /** If it lacks something, it is given more, and more again if that is not enough. */
  private boolean resume(UUID execution, int number) {
    Budget budget = world.chronicle().of(execution).plan().terms().budget();
    return world.attempt(
        process -> {
          boolean refused = true;
          for (int more = number; refused && world.chronicle().of(execution).isPaused(); more++) {
            Resumption said =
                process.engine().resume(World.TENANT, execution, raised(budget, more));
            world.chronicle().tell(world.micros(), "resume", said);
            refused = said instanceof Resumption.Refused;
            Truth.must(more < RAISES_MAX, "it cannot be resumed: %s", said);
          }
        });
  }

  private static Raise raised(Budget budget, int more) {
    if (!budget.pauses()) {
      return Raise.NONE;
    }
    return new Raise(
        budget.steps() == null ? null : budget.steps() + (long) RAISE_STEPS * more,
        null,
        budget.tokens() == null ? null : budget.tokens() * (1L << Math.min(more, 30)),
        budget.cost() == null ? null : budget.cost().multiply(BigDecimal.valueOf(1L + more)));
  }
}
