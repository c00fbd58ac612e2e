package io.orchestrator.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps executions. Safe for use by many threads; every method may block. */
public interface ExecutionStore {
  /**
   * Stores a transition durably. Commits of one moment may share one statement.
   *
   * @throws StoreException when the database cannot be reached in time; then nothing is known to be stored
   */
  Verdict commit(Commit commit);

  /** The execution with its history, in one round trip. */
  Optional<Stored> load(UUID execution);

  /** The wait with that token hash. */
  Optional<WaitRow> findWait(byte[] tokenHash);

  /**
   * Takes an execution over whose owner is gone: bites only if it is still at that revision and nobody's lease is valid.
   * Counts a strike.
   *
   * @return the strikes after it, 0 if it was not taken
   */
  int claim(UUID execution, int revision, String owner, Duration lease);

  /** Prolongs the lease of every held execution that this owner still owns, by one statement. */
  void renew(String owner, List<UUID> held, Duration lease);

  /**
   * A wait.
   *
   * @param answerHash SHA-256 of the canonical answer; null while it is open
   */
  record WaitRow(UUID execution, String tenant, String step, byte[] answerHash) {}
}
