package io.orchestrator.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** Executions in memory, by a clock of one's own: for simulation and for the tests of flows. */
public final class MemoryExecutionStore implements ExecutionStore {
  private static final String QUARANTINED = "quarantined";

  private final Supplier<Instant> clock;
  private final Map<UUID, Entry> entries = new TreeMap<>(Sql.ID_ORDER);
  private final Map<Member.KeyOf, Key> keys = new HashMap<>();
  private final Map<ByteBuffer, WaitRow> waits = new HashMap<>();
  private final MemoryTurns turns = new MemoryTurns();
  private final MemoryEvents events;

  /** Asks that clock for the time of each operation. */
  public MemoryExecutionStore(Supplier<Instant> clock) {
    this.clock = clock;
    this.events = new MemoryEvents(this, clock);
  }

  /** A row; replaced as a whole, so that a reader never sees half of it. */
  private record Entry(
      Commit.Opening opening,
      Commit.Head head,
      int revision,
      int strikes,
      Instant dueAt,
      Instant timerAt,
      String owner,
      Instant leaseUntil,
      Instant startedAt,
      Instant endedAt,
      List<Stored.Line> history) {}

  private record Key(UUID execution, byte[] requestHash, Instant expires) {}

  @Override
  public synchronized Verdict commit(Commit commit) {
    Shape.checked(commit);
    Instant at = now();
    return commit.expected() == 0 ? start(commit, at) : succeed(commit, at);
  }

  private Verdict start(Commit commit, Instant at) {
    Commit.IdempotencyKey key = commit.opening().key();
    if (key != null) {
      Member.KeyOf name = new Member.KeyOf(commit.opening().tenant(), key.source(), key.key());
      Key used = keys.get(name);
      if (used != null && used.expires.isAfter(at) && !used.execution.equals(commit.execution())) {
        return new Verdict.Duplicate(
            used.execution, Arrays.equals(used.requestHash, key.requestHash()));
      }
      if (!entries.containsKey(commit.execution())) {
        keys.put(name, new Key(commit.execution(), key.requestHash(), at.plus(key.keep())));
      }
    }
    if (entries.containsKey(commit.execution())) {
      return new Verdict.Lost();
    }
    store(commit, commit.opening(), at, at, List.of());
    return new Verdict.Stored(at);
  }

  private Verdict succeed(Commit commit, Instant at) {
    Entry entry = entries.get(commit.execution());
    if (entry == null
        || entry.revision != commit.expected()
        || isQuarantined(entry)
        || !answersAnOpenWait(commit)) {
      return new Verdict.Lost();
    }
    store(commit, entry.opening, entry.startedAt, at, entry.history);
    return new Verdict.Stored(at);
  }

  @Override
  public synchronized Verdict commit(Commit commit, Repair repair) {
    Entry e = entries.get(commit.execution());
    if (e == null || e.revision != repair.head() || isQuarantined(e) != repair.quarantined()) {
      return new Verdict.Lost();
    }
    Commit.Opening was = e.opening;
    Commit.Opening moved =
        repair.version() == null
            ? was
            : new Commit.Opening(
                was.tenant(), was.flow(), repair.version(), was.key(), was.traceparent());
    Instant at = now();
    store(Shape.checked(commit), moved, e.startedAt, at, e.history);
    return new Verdict.Stored(at);
  }

  private static boolean isQuarantined(Entry entry) {
    return entry.head.status().equals(QUARANTINED);
  }

  @Override
  public synchronized boolean quarantine(UUID execution, String why) {
    Entry e = entries.get(execution);
    if (e == null || e.endedAt != null || isQuarantined(e)) {
      return false;
    }
    Commit.Head resting =
        new Commit.Head(QUARANTINED, e.head.state(), null, null, null, e.head.ended());
    entries.put(
        execution,
        new Entry(
            e.opening,
            resting,
            e.revision,
            e.strikes,
            null,
            null,
            null,
            null,
            e.startedAt,
            null,
            e.history));
    return true;
  }

  private boolean answersAnOpenWait(Commit commit) {
    if (commit.answered() == null) {
      return true;
    }
    byte[] token = commit.answered().tokenHash();
    WaitRow row = waits.get(ByteBuffer.wrap(token));
    return commit.opened().stream().anyMatch(begun -> Arrays.equals(begun.tokenHash(), token))
        || (row != null && row.answerHash() == null);
  }

  private void store(
      Commit commit,
      Commit.Opening opening,
      Instant startedAt,
      Instant at,
      List<Stored.Line> before) {
    List<Stored.Line> history = new ArrayList<>(before);
    for (Commit.Row row : commit.rows()) {
      Instant due = row.dueAfter() == null ? null : at.plus(row.dueAfter());
      int revision = commit.expected() + 1 + history.size() - before.size();
      history.add(
          new Stored.Line(revision, at, row.event(), row.step(), row.attempt(), row.data(), due));
    }
    Commit.Head head = commit.head();
    Instant after = head.lookAfter() == null ? null : at.plus(head.lookAfter());
    Instant due = earlier(after, head.lookBy());
    entries.put(
        commit.execution(),
        new Entry(
            opening,
            head,
            commit.expected() + commit.rows().size(),
            0,
            due == null || due.isAfter(at) ? due : at,
            head.lookBy(),
            head.owner(),
            head.owner() == null ? null : after,
            startedAt,
            head.ended() ? at : null,
            List.copyOf(history)));
    for (Commit.Wait begun : commit.opened()) {
      waits.put(
          ByteBuffer.wrap(begun.tokenHash()),
          new WaitRow(
              commit.execution(),
              opening.tenant(),
              begun.step(),
              null,
              begun.kind(),
              begun.key(),
              begun.approval()));
    }
    events.stored(commit, opening.tenant());
    if (commit.answered() != null) {
      byte[] answer = commit.answered().answerHash();
      waits.computeIfPresent(
          ByteBuffer.wrap(commit.answered().tokenHash()),
          (_, row) ->
              new WaitRow(
                  row.execution(),
                  row.tenant(),
                  row.step(),
                  answer,
                  row.kind(),
                  row.key(),
                  row.approval()));
    }
  }

  @Override
  public synchronized Optional<Stored> load(UUID execution) {
    Entry e = entries.get(execution);
    return Optional.ofNullable(e).map(_ -> stored(execution, e));
  }

  private Stored stored(UUID execution, Entry e) {
    return new Stored(
        execution,
        e.opening.tenant(),
        e.opening.flow(),
        e.opening.version(),
        e.head.status(),
        e.revision,
        e.head.state(),
        e.dueAt,
        e.owner,
        e.leaseUntil,
        e.strikes,
        e.opening.traceparent(),
        e.startedAt,
        e.endedAt,
        now(),
        e.history);
  }

  /** All of them, by id. */
  public synchronized List<Stored> all() {
    return entries.entrySet().stream()
        .map(entry -> stored(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** When somebody must look the next time; empty if nobody ever must. */
  public synchronized Optional<Instant> nextDue() {
    return entries.values().stream()
        .map(Entry::dueAt)
        .filter(due -> due != null)
        .min(Instant::compareTo);
  }

  @Override
  public synchronized Optional<WaitRow> findWait(byte[] tokenHash) {
    return Optional.ofNullable(waits.get(ByteBuffer.wrap(tokenHash)));
  }

  @Override
  public synchronized int claim(UUID execution, int revision, String owner, Duration lease) {
    Entry e = entries.get(execution);
    Instant now = now();
    boolean leased =
        e != null && e.owner != null && !e.owner.equals(owner) && e.leaseUntil.isAfter(now);
    if (e == null || e.revision != revision || e.dueAt == null || leased) {
      return 0;
    }
    lease(execution, e, owner, e.strikes + 1, now.plus(lease));
    return e.strikes + 1;
  }

  @Override
  public synchronized void rest(UUID execution, int revision, Instant wake) {
    Entry e = entries.get(execution);
    boolean over = e != null && e.owner != null && !e.leaseUntil.isAfter(now());
    if (over && e.revision == revision && e.dueAt != null) {
      Entry free =
          new Entry(
              e.opening,
              e.head,
              e.revision,
              e.strikes,
              wake,
              wake,
              null,
              null,
              e.startedAt,
              e.endedAt,
              e.history);
      entries.put(execution, free);
    }
  }

  @Override
  public synchronized Set<UUID> renew(
      String owner, Map<UUID, Integer> heldRevisions, Duration lease) {
    Set<UUID> renewed = new HashSet<>();
    heldRevisions.forEach(
        (execution, revision) -> {
          Entry e = entries.get(execution);
          boolean same = e != null && e.revision == revision && e.dueAt != null;
          if (same && (e.owner == null || e.owner.equals(owner))) {
            lease(execution, e, owner, e.strikes, now().plus(lease));
            renewed.add(execution);
          }
        });
    return Set.copyOf(renewed);
  }

  private void lease(UUID execution, Entry e, String owner, int strikes, Instant until) {
    Instant due = earlier(until, e.timerAt);
    entries.put(
        execution,
        new Entry(
            e.opening,
            e.head,
            e.revision,
            strikes,
            due,
            e.timerAt,
            owner,
            until,
            e.startedAt,
            e.endedAt,
            e.history));
  }

  private static Instant earlier(Instant one, Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  @Override
  public synchronized Turn takeTurn(Turn.Wish wish) {
    return turns.take(wish, this::hasEnded, now());
  }

  private Optional<Boolean> hasEnded(UUID execution) {
    return Optional.ofNullable(entries.get(execution)).map(entry -> entry.endedAt != null);
  }

  @Override
  public synchronized List<UUID> leaveTurn(UUID execution, int most) {
    return turns.leave(execution, most);
  }

  @Override
  public synchronized Optional<Verdict.Duplicate> started(
      String tenant, Commit.IdempotencyKey key) {
    return Optional.ofNullable(keys.get(new Member.KeyOf(tenant, key.source(), key.key())))
        .filter(used -> used.expires.isAfter(now()))
        .map(
            used ->
                new Verdict.Duplicate(
                    used.execution, Arrays.equals(used.requestHash, key.requestHash())));
  }

  @Override
  public MemoryEvents events() {
    return events;
  }

  /** Who has used a key; a free one is used by that execution from then on. */
  synchronized UUID use(Member.KeyOf key, UUID execution, Duration keep) {
    Key used = keys.computeIfAbsent(key, _ -> new Key(execution, new byte[0], now().plus(keep)));
    return used.execution;
  }

  /** That clock, in the precision of a database. */
  @Override
  public Instant now() {
    return clock.get().truncatedTo(ChronoUnit.MICROS);
  }
}
