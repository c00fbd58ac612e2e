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
 * What this process has in hand. Once a second, one statement prolongs everything that has not
 * moved for a second.
 */
final class Leases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final ExecutionStore store;
  private final String owner;
  private final Map<UUID, RunAhead> held = new ConcurrentHashMap<>();
  private final Runnable stop;

  Leases(ExecutionStore store, EngineOptions options) {
    this.store = store;
    this.owner = options.owner();
    this.stop = options.host().every(Limits.RENEWAL, this::renew);
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

  private void renew() {
    Map<UUID, Integer> quiet = new HashMap<>();
    held.forEach((id, run) -> run.quietRevision().ifPresent(revision -> quiet.put(id, revision)));
    if (quiet.isEmpty()) {
      return;
    }
    try {
      Set<UUID> prolonged = store.renew(owner, quiet, Limits.LEASE);
      quiet.keySet().removeAll(prolonged);
      quiet.keySet().forEach(id -> held.computeIfPresent(id, (key, run) -> run.nudged()));
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
