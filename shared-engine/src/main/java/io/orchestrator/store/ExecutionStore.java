package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Keeps executions. Safe for use by many threads; every method may block. */
public interface ExecutionStore {
  /**
   * Stores a transition durably. Commits of one moment may share one statement.
   *
   * @throws StoreException when the database cannot be reached in time; then nothing is known to be
   *     stored
   */
  Verdict commit(Commit commit);

  /**
   * The same for a commit that an operator has ordered, and that changes more than others may.
   *
   * @throws StoreException as above
   */
  Verdict commit(Commit commit, Repair repair);

  /** The execution with its history, in one round trip. */
  Optional<Stored> load(UUID execution);

  /**
   * The same for somebody who knows the beginning of the history, which is not read again.
   *
   * @param known the first lines; the very list stands in the answer if there are no more
   */
  default Optional<Stored> load(UUID execution, List<Stored.Line> known) {
    return load(execution);
  }

  /** The wait with that token hash. */
  Optional<WaitRow> findWait(byte[] tokenHash);

  /**
   * Takes an execution over whose owner is gone: bites only if it is still at that revision and
   * nobody else's lease is valid. Counts a strike.
   *
   * @return the strikes after it, 0 if it was not taken
   */
  int claim(UUID execution, int revision, String owner, Duration lease);

  /**
   * Nobody has to look after an execution before that time, though its row still names an owner who
   * is gone. Bites only if it is still at that revision and the lease is over.
   */
  void rest(UUID execution, int revision, Instant wake);

  /**
   * Prolongs the lease of every held execution that is still at the held revision and that nobody
   * else owns (an unowned one becomes ours), by one statement.
   *
   * @return those that were prolonged; the others have moved on and must be looked at again
   */
  Set<UUID> renew(String owner, Map<UUID, Integer> heldRevisions, Duration lease);

  /** The events of the same database. */
  Events events();

  /**
   * Whether an execution may be at work now, by the limit of its flow; asked again, the answer is
   * the same until something has ended. It may be asked before the execution is stored.
   */
  Turn takeTurn(Turn.Wish wish);

  /**
   * Gives back the turn of an execution that has ended or never began.
   *
   * @return those that wait for it, the first so many
   */
  List<UUID> leaveTurn(UUID execution, int most);

  /** What a start with that key would be told now; empty if nothing was started with it. */
  Optional<Verdict.Duplicate> started(String tenant, Commit.IdempotencyKey key);

  /**
   * Takes an execution out of service whose stored state cannot be trusted: nothing wakes it,
   * nobody may claim it, no commit moves it.
   *
   * @return whether it was in service
   */
  boolean quarantine(UUID execution, String why);

  /** The database's clock. */
  Instant now();

  /**
   * A wait.
   *
   * @param answerHash SHA-256 of the canonical answer; null while it is open
   * @param kind {@code callback}, {@code event}, {@code approval} or {@code link}
   * @param key for a link, who decides by it; for an event its key
   * @param approval the id; null for the other kinds
   */
  record WaitRow(
      UUID execution,
      String tenant,
      String step,
      byte[] answerHash,
      String kind,
      String key,
      UUID approval) {
    /** Whether it is answered at {@code /callbacks}. */
    public boolean isCallback() {
      return kind.equals(Commit.Wait.CALLBACK);
    }

    /** Whether it lets one person decide once. */
    public boolean isLink() {
      return kind.equals("link");
    }
  }
}
