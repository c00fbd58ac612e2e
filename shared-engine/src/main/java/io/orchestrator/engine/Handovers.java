package io.orchestrator.engine;

import io.orchestrator.cache.Claim;
import io.orchestrator.execution.Execution;
import io.orchestrator.expression.JsonException;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executions that a process lets go, as they stand, for whoever takes the hint: in this process's
 * memory and in Redis. It saves a reading, no more: what is missing is read from the database, and
 * what is out of date fails at the fence of the next commit.
 */
final class Handovers {
  private static final Logger LOG = LoggerFactory.getLogger(Handovers.class);
  private static final int KEPT_MAX = 4_096;

  /**
   * Longer than a kept state lives, so that a message that comes after it finds only the database;
   * and longer than a crashed process's message stays hidden.
   */
  private static final Duration CLAIM = Duration.ofMinutes(10);

  private final Engine.Redis redis;
  private final Host host;
  private final Sealing sealing;
  private final Map<UUID, Kept> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Kept> eldest) {
          return size() > KEPT_MAX;
        }
      };

  Handovers(Engine.Redis redis, Host host, Sealing sealing) {
    this.redis = redis;
    this.host = host;
    this.sealing = sealing;
  }

  /**
   * An execution with all that is needed to go on with it.
   *
   * @param history what it was folded from
   */
  record Handover(String flow, String version, Execution execution, List<Stored.Line> history) {}

  private record Kept(Handover handover, long nanos) {
    /** Whether nobody else can have taken the execution since, but by a doubled hint. */
    boolean isFresh(long now) {
      return now - nanos < Limits.LEASE.toNanos();
    }
  }

  /**
   * Whether this hint is the first of its kind to arrive; without Redis nobody knows, and it counts
   * as the first.
   */
  boolean claims(Hint hint) {
    return claim(hint.execution(), hint.revision()) != Claim.LOST;
  }

  /** Whether nobody has taken the execution at that revision before; unknown without Redis. */
  Claim claim(UUID execution, int revision) {
    return redis.exists() ? redis.claims().take(execution, revision, CLAIM) : Claim.UNKNOWN;
  }

  /**
   * An execution that was given up for lost is taken over: the hint for it may still come, from a
   * queue or a process that was slow to start, and must not make the call again from the state that
   * was kept for it.
   */
  Claim supersede(UUID execution, int revision) {
    forget(execution, revision);
    return claim(execution, revision);
  }

  /** What was kept of an execution at that revision is out of date. */
  void forget(UUID execution, int revision) {
    synchronized (kept) {
      kept.remove(execution);
    }
    if (redis.exists()) {
      redis.hot().delete(execution, revision);
    }
  }

  /** Another hint for the same revision is on its way and may be taken. */
  void release(Execution execution) {
    if (redis.exists()) {
      redis.claims().release(execution.id(), execution.revision());
    }
  }

  /** The hint could not be worked on and will come again. */
  void release(Hint hint) {
    if (redis.exists()) {
      redis.claims().release(hint.execution(), hint.revision());
    }
  }

  void keep(Handover handover) {
    Execution execution = handover.execution();
    synchronized (kept) {
      kept.put(execution.id(), new Kept(handover, host.nanos()));
    }
    if (redis.exists()) {
      redis
          .hot()
          .put(
              execution.tenant(),
              execution.id(),
              execution.revision(),
              HandoverText.write(handover));
    }
  }

  /**
   * The execution as it was at the hint's revision; null if it is not at hand. Nobody is given it
   * twice.
   */
  Handover take(Hint hint) {
    Kept remembered;
    synchronized (kept) {
      remembered = kept.remove(hint.execution());
    }
    Handover own =
        remembered != null && remembered.isFresh(host.nanos()) ? remembered.handover() : null;
    if (own != null
        && own.execution().revision() == hint.revision()
        && own.execution().tenant().equals(hint.tenant())) {
      return own;
    }
    return redis
        .hot()
        .take(hint.tenant(), hint.execution(), hint.revision())
        .map(text -> read(hint, text))
        .orElse(null);
  }

  private Handover read(Hint hint, byte[] text) {
    try {
      Handover handover = HandoverText.read(hint.tenant(), hint.execution(), text, sealing);
      return handover.execution().revision() == hint.revision() ? handover : null;
    } catch (JsonException | IllegalStateException | ClassCastException older) {
      LOG.info(
          "the cached state of {} is of another shape and is read from the database",
          hint.execution(),
          older);
      return null;
    }
  }
}
