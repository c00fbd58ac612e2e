package io.orchestrator.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Executions in PostgreSQL. Commits of one moment travel together. */
public final class PostgresExecutionStore implements ExecutionStore {
  // The state, which may be long, comes with the first row only. (Two statements in one message
  // would not do: the driver may put a
  // Sync between them, and then they are two round trips and two transactions.)
  static final String LOAD =
      """
      select e.id, e.tenant, e.flow, e.version, e.status, e.revision as head_revision, e.due_at, e.lease_owner, e.lease_until,
        e.strikes, e.traceparent, e.started_at, e.ended_at, clock_timestamp() as read_at, case when t.revision = 1 then e.state end as state,
        t.revision, t.at, t.event, t.step, t.attempt, t.data, t.due
      from executions e join transitions t on t.execution = e.id
      where e.id = ? order by t.revision
      """;

  private static final String LOAD_MORE =
      """
      select e.id, e.tenant, e.flow, e.version, e.status, e.revision as head_revision, e.due_at, e.lease_owner, e.lease_until,
        e.strikes, e.traceparent, e.started_at, e.ended_at, clock_timestamp() as read_at, e.state,
        t.revision, t.at, t.event, t.step, t.attempt, t.data, t.due
      from executions e left join transitions t on t.execution = e.id and t.execution = ? and t.revision > ?
      where e.id = ? order by t.revision
      """;

  private static final String FIND_WAIT =
      """
      select execution, tenant, step, answer_hash, kind, key, approval from waits where token_hash = ?
      """;

  // A timer that is due earlier than the lease's end keeps its time, or a long call would hide it.
  static final String CLAIM =
      """
      update executions e
      set lease_owner = ?, strikes = e.strikes + 1, lease_until = c.until, due_at = least(e.timer_at, c.until),
        wake_at = next_wake(e.wake_at, least(e.timer_at, c.until), c.at)
      from (select clock_timestamp() as at, clock_timestamp() + ? * interval '1 microsecond' as until) c
      where e.id = ? and e.revision = ? and e.due_at is not null
        and (e.lease_owner is null or e.lease_owner = ? or e.lease_until <= clock_timestamp())
      returning e.strikes
      """;

  static final String REST =
      """
      update executions
      set lease_owner = null, lease_until = null, due_at = r.wake, timer_at = r.wake, wake_at = r.wake, backoff = 0
      from (select timestamptz 'epoch' + ? * interval '1 microsecond' as wake) r
      where id = ? and revision = ? and due_at is not null and lease_until <= clock_timestamp()
      returning id
      """;

  // Nothing wakes it, nobody owns it, no commit moves it. The history stays as it is: it is what an
  // operator looks at. The audit trail says why.
  static final String QUARANTINE =
      """
      with stopped as (
        update executions set status = 'quarantined', due_at = null, timer_at = null, lease_owner = null, lease_until = null
        where id = ? and ended_at is null and status <> 'quarantined'
        returning id, tenant, flow, version
      ), halts as (
        insert into halted (execution, tenant, flow, version, status, at)
        select id, tenant, flow, version, 'quarantined', clock_timestamp() from stopped
        on conflict (execution) do update set status = 'quarantined', at = excluded.at, fingerprint = null, step = null,
          type = null, message = null
      )
      insert into audit (tenant, actor, action, object, details)
      select tenant, 'engine', 'execution.quarantine', 'execution:' || id, json_build_object('why', ?::text) from stopped
      returning object
      """;

  static final String RENEW =
      """
      with locked as materialized (
        select e.id from executions e where e.id = any(?) and e.id between ? and ? order by e.id for no key update
      ), clock as materialized (
        select clock_timestamp() as at from (select count(*) from locked) l
      ), held as materialized (
        select h.id, h.revision, c.at, c.at + ? * interval '1 microsecond' as until
        from unnest(?::uuid[], ?::int4[]) as h (id, revision) cross join clock c
      )
      update executions e
      set lease_owner = ?, lease_until = h.until, due_at = least(e.timer_at, h.until),
        wake_at = next_wake(e.wake_at, least(e.timer_at, h.until), h.at)
      from held h
      where e.id = h.id and e.id = any(?) and e.id between ? and ? and e.revision = h.revision
        and (e.lease_owner is null or e.lease_owner = ?) and e.due_at is not null
      returning e.id
      """;

  private static final String STARTED =
      """
      select execution, request_hash from idempotency_keys
      where tenant = ? and source = ? and key = ? and expires > clock_timestamp()
      """;

  private final DataSource source;
  private final CommitSender sender;
  private final GroupCommit group;
  private final Turns turns;
  private final Events events;

  /** Keeps executions there; the role is the engine's. */
  public PostgresExecutionStore(DataSource source) {
    this(source, Limits.COMMITTERS, Limits.GROUP_MAX);
  }

  PostgresExecutionStore(DataSource source, int committers, int groupMax) {
    this.source = source;
    this.events = new PostgresEvents(source);
    this.sender = new CommitSender(source);
    this.group = new GroupCommit(sender::send, committers, groupMax);
    this.turns = new Turns(source);
  }

  @Override
  public Verdict commit(Commit commit) {
    return group.commit(Shape.checked(commit));
  }

  @Override
  public Verdict commit(Commit commit, Repair repair) {
    Member alone = new Member(Shape.checked(commit), repair);
    sender.send(List.of(alone));
    return alone.verdict();
  }

  @Override
  public Optional<Stored> load(UUID execution) {
    return Sql.repeatable(
        source, "loading " + execution, connection -> load(connection, execution));
  }

  @Override
  public Optional<Stored> load(UUID execution, List<Stored.Line> known) {
    return known.isEmpty()
        ? load(execution)
        : Sql.repeatable(
            source, "loading " + execution, connection -> load(connection, execution, known));
  }

  private static Optional<Stored> load(
      Connection connection, UUID execution, List<Stored.Line> known) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOAD_MORE)) {
      statement.setObject(1, execution);
      statement.setInt(2, known.getLast().revision());
      statement.setObject(3, execution);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (row.getInt("revision") == 0) {
          return Optional.of(head(row, known));
        }
        List<Stored.Line> history = new ArrayList<>(known);
        Stored stored = head(row, Collections.unmodifiableList(history));
        do {
          history.add(line(row));
        } while (row.next());
        return Optional.of(stored);
      }
    }
  }

  private static Optional<Stored> load(Connection connection, UUID execution) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOAD)) {
      statement.setObject(1, execution);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        List<Stored.Line> history = new ArrayList<>();
        Stored stored = head(row, Collections.unmodifiableList(history));
        do {
          history.add(line(row));
        } while (row.next());
        return Optional.of(stored);
      }
    }
  }

  static Stored head(ResultSet row, List<Stored.Line> history) throws SQLException {
    return new Stored(
        Sql.uuid(row, "id"),
        row.getString("tenant"),
        row.getString("flow"),
        row.getString("version"),
        row.getString("status"),
        row.getInt("head_revision"),
        row.getString("state"),
        Sql.instant(row, "due_at"),
        row.getString("lease_owner"),
        Sql.instant(row, "lease_until"),
        row.getInt("strikes"),
        row.getString("traceparent"),
        Sql.instant(row, "started_at"),
        Sql.instant(row, "ended_at"),
        Sql.instant(row, "read_at"),
        history);
  }

  static Stored.Line line(ResultSet row) throws SQLException {
    return new Stored.Line(
        row.getInt("revision"),
        Sql.instant(row, "at"),
        row.getString("event"),
        row.getString("step"),
        row.getInt("attempt"),
        row.getString("data"),
        Sql.instant(row, "due"));
  }

  @Override
  public Optional<WaitRow> findWait(byte[] tokenHash) {
    return Sql.repeatable(
        source,
        "finding a wait",
        connection ->
            Sql.first(
                connection,
                FIND_WAIT,
                row ->
                    new WaitRow(
                        Sql.uuid(row, "execution"),
                        row.getString("tenant"),
                        row.getString("step"),
                        row.getBytes("answer_hash"),
                        row.getString("kind"),
                        row.getString("key"),
                        Sql.uuid(row, "approval")),
                (Object) tokenHash));
  }

  @Override
  public int claim(UUID execution, int revision, String owner, Duration lease) {
    return Sql.repeatable(
        source,
        "claiming " + execution,
        connection ->
            Sql.first(
                    connection,
                    CLAIM,
                    row -> row.getInt(1),
                    owner,
                    lease,
                    execution,
                    revision,
                    owner)
                .orElse(0));
  }

  @Override
  public boolean quarantine(UUID execution, String why) {
    return Sql.repeatable(
        source,
        "quarantining " + execution,
        connection ->
            Sql.first(connection, QUARANTINE, row -> row.getString(1), execution, why).isPresent());
  }

  @Override
  public void rest(UUID execution, int revision, Instant wake) {
    Sql.repeatable(
        source,
        "letting " + execution + " rest",
        connection ->
            Sql.first(
                connection,
                REST,
                row -> Sql.uuid(row, "id"),
                Sql.micros(wake),
                execution,
                revision));
  }

  @Override
  public Set<UUID> renew(String owner, Map<UUID, Integer> heldRevisions, Duration lease) {
    if (heldRevisions.isEmpty()) {
      return Set.of();
    }
    UUID[] ids = heldRevisions.keySet().stream().sorted(Sql.ID_ORDER).toArray(UUID[]::new);
    Integer[] revisions = Arrays.stream(ids).map(heldRevisions::get).toArray(Integer[]::new);
    UUID least = ids[0];
    UUID greatest = ids[ids.length - 1];
    return Sql.repeatable(
        source,
        "renewing " + ids.length + " leases",
        connection ->
            Set.copyOf(
                Sql.list(
                    connection,
                    RENEW,
                    row -> Sql.uuid(row, "id"),
                    ids,
                    least,
                    greatest,
                    lease,
                    ids,
                    connection.createArrayOf("int4", revisions),
                    owner,
                    ids,
                    least,
                    greatest,
                    owner)));
  }

  @Override
  public Turn takeTurn(Turn.Wish wish) {
    return turns.take(wish);
  }

  @Override
  public List<UUID> leaveTurn(UUID execution, int most) {
    return turns.leave(execution, most);
  }

  @Override
  public Optional<Verdict.Duplicate> started(String tenant, Commit.IdempotencyKey key) {
    return Sql.repeatable(
        source,
        "looking for an earlier start",
        connection ->
            Sql.first(
                connection,
                STARTED,
                row ->
                    new Verdict.Duplicate(
                        Sql.uuid(row, "execution"),
                        Arrays.equals(row.getBytes("request_hash"), key.requestHash())),
                tenant,
                key.source(),
                key.key()));
  }

  @Override
  public Events events() {
    return events;
  }

  @Override
  public Instant now() {
    return Sql.repeatable(
        source,
        "reading the clock",
        connection ->
            Sql.first(connection, "select clock_timestamp() as at", row -> Sql.instant(row, "at"))
                .orElseThrow());
  }
}
