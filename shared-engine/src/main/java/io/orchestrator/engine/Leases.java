package io.orchestrator.engine;

import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.StoreException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Host host;
  private final Runnable stop;

  Leases(ExecutionStore store, EngineOptions options) {
    this.store = store;
    this.owner = options.owner();
    this.host = options.host();
    this.stop = host.every(Limits.RENEWAL_LOOK, this::renew);
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
      long began = host.nanos();
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
    stop.run();
  }
}
