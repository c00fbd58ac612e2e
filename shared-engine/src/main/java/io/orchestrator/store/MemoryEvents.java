package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** Events in memory, beside the executions there. */
public final class MemoryEvents implements Events {
  private static final UUID NOBODY = new UUID(0, 0);

  private final MemoryExecutionStore store;
  private final Supplier<Instant> clock;
  private final Map<UUID, Kept> kept = new LinkedHashMap<>();
  private final Map<byte[], Row> waits = new TreeMap<>(Arrays::compareUnsigned);

  MemoryEvents(MemoryExecutionStore store, Supplier<Instant> clock) {
    this.store = store;
    this.clock = clock;
  }

  private record Row(
      UUID execution, String tenant, Commit.Wait begun, Instant openedAt, Instant closedAt) {}

  /** What a stored commit says about waits and events. */
  synchronized void stored(Commit commit, String tenant) {
    for (Commit.Wait wait : commit.opened()) {
      if (!wait.isCallback()) {
        waits.put(wait.tokenHash(), new Row(commit.execution(), tenant, wait, now(), null));
      }
    }
    for (byte[] hash : commit.closed()) {
      waits.computeIfPresent(
          hash, (_, row) -> new Row(row.execution, row.tenant, row.begun, row.openedAt, now()));
    }
    for (Commit.Posted posted : commit.posted()) {
      UUID id = posted.id();
      keep(
          new Kept(
              id,
              tenant,
              posted.type(),
              posted.key(),
              posted.data(),
              now(),
              true,
              commit.execution(),
              null));
    }
  }

  @Override
  public synchronized Kept put(
      UUID id, String tenant, String type, String key, String data, String traceparent) {
    return keep(new Kept(id, tenant, type, key, data, now(), true, null, traceparent));
  }

  private Kept keep(Kept event) {
    return kept.computeIfAbsent(event.id(), _ -> event);
  }

  @Override
  public synchronized Optional<Kept> find(UUID id) {
    return Optional.ofNullable(kept.get(id));
  }

  /** Those that have still to be delivered, oldest first. */
  public synchronized List<Kept> undelivered() {
    return kept.values().stream().filter(Kept::open).toList();
  }

  @Override
  public synchronized List<Kept> since(
      String tenant, String type, String key, Instant since, int limit) {
    return kept.values().stream()
        .filter(event -> event.tenant().equals(tenant) && event.type().equals(type))
        .filter(event -> key == null || event.key().equals(key))
        .filter(event -> !event.receivedAt().isBefore(since))
        .sorted(Comparator.comparing(Kept::receivedAt))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Waiting> waiting(
      String tenant, String type, String key, byte[] after, int limit) {
    List<Waiting> waiting = new ArrayList<>();
    waits.forEach(
        (hash, row) -> {
          boolean open = row.closedAt == null && type.equals(row.begun.type());
          boolean meant =
              row.tenant.equals(tenant) && (row.begun.key() == null || row.begun.key().equals(key));
          if (open && meant && waiting.size() < limit && Arrays.compareUnsigned(hash, after) > 0) {
            waiting.add(new Waiting(hash, row.execution, row.begun.step()));
          }
        });
    return waiting;
  }

  @Override
  public synchronized void delivered(UUID id) {
    kept.computeIfPresent(
        id,
        (_, e) ->
            new Kept(
                e.id(),
                e.tenant(),
                e.type(),
                e.key(),
                e.data(),
                e.receivedAt(),
                false,
                e.cause(),
                e.traceparent()));
  }

  @Override
  public synchronized void drop(UUID id) {
    kept.remove(id);
  }

  @Override
  public Optional<UUID> forbid(String tenant, String source, String key, Duration keep) {
    UUID user = store.use(new Member.KeyOf(tenant, source, key), NOBODY, keep);
    return user.equals(NOBODY) ? Optional.empty() : Optional.of(user);
  }

  private Instant now() {
    return clock.get().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public synchronized Optional<Approval> approval(UUID id) {
    return waits.values().stream()
        .filter(row -> id.equals(row.begun.approval()) && row.begun.kind().equals("approval"))
        .map(
            row ->
                new Approval(
                    id,
                    row.tenant,
                    row.execution,
                    row.begun.step(),
                    row.begun.about(),
                    row.openedAt,
                    row.closedAt))
        .findFirst();
  }
}
