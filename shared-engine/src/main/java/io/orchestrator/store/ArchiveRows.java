package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Which executions are to be archived, and which are. */
public final class ArchiveRows {
  // Walks by id from the oldest: an execution that ended that long ago began before then.
  private static final String DUE =
      """
      select e.id, e.tenant, e.started_at from executions e
      where e.id < uuid_floor(clock_timestamp() - ? * interval '1 microsecond')
        and e.ended_at < clock_timestamp() - ? * interval '1 microsecond'
        and not exists (select from archived a where a.execution = e.id and a.revision = e.revision)
      order by e.id limit ?
      """;

  private static final String HEAD =
      """
      select id, tenant, flow, version, status, revision as head_revision, state, due_at, lease_owner, lease_until, strikes,
        traceparent, started_at, ended_at, clock_timestamp() as read_at
      from executions where id = ?
      """;

  private static final String LINES =
      """
      select revision, at, event, step, attempt, data, due from transitions
      where execution = ? and revision > ? order by revision limit ?
      """;

  private static final String ARCHIVED =
      """
      insert into archived (execution, revision, object) select m.execution, m.revision, ? from unnest(?::uuid[], ?::int4[]) as m (execution, revision)
      on conflict (execution) do update set revision = excluded.revision, object = excluded.object, at = clock_timestamp()
      returning execution
      """;

  private static final int LINES_AT_ONCE = 1_000;

  private final DataSource source;

  /** Looks there; the role is the engine's. */
  public ArchiveRows(DataSource source) {
    this.source = source;
  }

  /** An execution whose time has come. */
  public record Due(UUID execution, String tenant, Instant startedAt) {}

  /** The oldest executions that ended that long ago and are not archived. */
  public List<Due> due(Duration retention, int most) {
    return Sql.repeatable(
        source,
        "looking for what is to be archived",
        connection ->
            Sql.list(
                connection,
                DUE,
                row ->
                    new Due(
                        Sql.uuid(row, "id"),
                        row.getString("tenant"),
                        Sql.instant(row, "started_at")),
                retention,
                retention,
                most));
  }

  /** An ended execution with all of its history; nothing changes it any more. */
  public Stored read(UUID execution) {
    return Sql.repeatable(
        source,
        "reading " + execution,
        connection -> {
          List<Stored.Line> lines = new ArrayList<>();
          Stored head =
              Sql.first(connection, HEAD, row -> PostgresExecutionStore.head(row, lines), execution)
                  .orElseThrow(
                      () -> new StoreException("the execution " + execution + " is gone", null));
          List<Stored.Line> some;
          do {
            int after = lines.isEmpty() ? 0 : lines.getLast().revision();
            some =
                Sql.list(
                    connection,
                    LINES,
                    PostgresExecutionStore::line,
                    execution,
                    after,
                    LINES_AT_ONCE);
            lines.addAll(some);
          } while (some.size() == LINES_AT_ONCE);
          return head;
        });
  }

  /** From now on they may be deleted, unless they have gone on since they were read. */
  public void archived(List<Stored> executions, String object) {
    Sql.repeatable(
        source,
        "noting what is archived",
        connection ->
            Sql.list(
                connection,
                ARCHIVED,
                row -> row.getString(1),
                object,
                executions.stream().map(Stored::id).toArray(UUID[]::new),
                connection.createArrayOf(
                    "int4", executions.stream().map(Stored::revision).toArray())));
  }
}
