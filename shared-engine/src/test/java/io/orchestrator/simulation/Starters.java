package io.orchestrator.simulation;

import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.flow.Concurrency;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Commit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** People who start the flow, each until it was heard. */
final class Starters {
  private static final byte[] REQUEST = {1, 2, 3};

  private final World world;
  private final Oracle oracle;
  private final Plan plan;
  private final Map<Integer, UUID> answers = new HashMap<>();
  private int done;

  Starters(World world, Oracle oracle, Plan plan) {
    this.world = world;
    this.oracle = oracle;
    this.plan = plan;
  }

  /** The first one starts it now, the others when they want to. */
  void begin() {
    for (int i = 1; i < oracle.starts(plan); i++) {
      int number = i;
      world.insist(oracle.startMillis(i) * 1_000, () -> start(number));
    }
    if (!start(0)) {
      world.insist(World.SECOND, () -> start(0));
    }
  }

  boolean areDone() {
    return done == oracle.starts(plan);
  }

  private boolean start(int number) {
    Commit.IdempotencyKey key =
        new Commit.IdempotencyKey("api", Chronicle.key(number), REQUEST, Duration.ofDays(1));
    StartRequest request =
        new StartRequest(World.TENANT, plan.flow(), null, oracle.input(), null, key);
    boolean heard = world.attempt(process -> answered(number, process.engine().start(request)));
    done += heard ? 1 : 0;
    return heard;
  }

  private void answered(int number, Start start) {
    switch (start) {
      case Start.Accepted accepted -> answers.put(number, accepted.id());
      case Start.Repeated repeated -> answers.put(number, repeated.id());
      case Start.NoRoom ignored ->
          Truth.must(mayRefuse(), "there is room, but the start is refused");
      case Start.NoSuchFlow none -> throw new AssertionError("the start was answered by " + none);
      case Start.BadInput bad -> throw new AssertionError("the start was answered by " + bad);
      case Start.KeyReused reused ->
          throw new AssertionError("the start was answered by " + reused);
    }
    long different = answers.values().stream().distinct().count();
    boolean once = plan.terms().idempotency() != null && world.chronicle().roots().size() == 1;
    Truth.must(!once || different == 1, "one key has started %s", answers);
  }

  /** A turn that was taken for a start which was not stored is free only after a while. */
  private boolean mayRefuse() {
    Concurrency limit = plan.terms().concurrency();
    boolean full = limit != null && world.chronicle().atWork(plan) >= limit.limit();
    return limit != null
        && limit.onLimit() == Concurrency.OnLimit.REJECT
        && (full || world.hasCrashed() || world.faults().isRough());
  }
}
