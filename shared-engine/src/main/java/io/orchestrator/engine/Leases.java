package io.orchestrator.engine;

import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.StoreException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process has in hand. About once a second, one statement prolongs everything that has
 * not moved for a while; a lease of two seconds is never older than 1.2 s when that happens. What
 * ends or moves within a second never costs a renewal.
 */
final class Leases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final ExecutionStore store;
  private final String owner;
  private final Map<UUID, RunAhead> held = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("leases").factory());

  Leases(ExecutionStore store, String owner) {
    this.store = store;
    this.owner = owner;
    long period = Limits.RENEWAL_LOOK.toMillis();
    var _ = timer.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  String owner() {
    return owner;
  }

  /**
   * Takes an execution in hand; false if it is in hand already, and then whoever has it is told to
   * look again.
   */
  boolean hold(UUID execution, RunAhead run) {
    return held.compute(execution, (id, other) -> other == null ? run : other.nudged()) == run;
  }

  /** Lets go; nobody can tell the run anything after that. */
  void release(UUID execution, RunAhead run) {
    held.remove(execution, run);
  }

  /** Tells whoever has it in hand here to look again. */
  void nudge(UUID execution) {
    held.computeIfPresent(execution, (id, run) -> run.nudged());
  }

  private void renew() {
    if (held.values().stream().anyMatch(run -> run.held().isOlderThan(Limits.RENEWAL))) {
      Map<UUID, Integer> quiet = new HashMap<>();
      held.forEach(
          (id, run) -> {
            if (run.held().isOlderThan(Limits.RENEWAL_LOOK)) {
              quiet.put(id, run.held().revision());
            }
          });
      renew(quiet);
    }
  }

  private void renew(Map<UUID, Integer> quiet) {
    try {
      long began = System.nanoTime();
      Set<UUID> prolonged = store.renew(owner, quiet, Limits.LEASE);
      quiet.forEach(
          (id, revision) ->
              held.computeIfPresent(
                  id,
                  (key, run) -> {
                    if (prolonged.contains(id)) {
                      run.held().prolonged(revision, began);
                      return run;
                    }
                    return run.nudged();
                  }));
    } catch (StoreException e) {
      LOG.warn(
          "{} leases could not be prolonged; others may take over their executions",
          quiet.size(),
          e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
