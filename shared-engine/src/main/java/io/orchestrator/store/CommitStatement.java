package io.orchestrator.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The one statement that stores transitions: starts and successors of many executions, each behind
 * its own guard.
 */
final class CommitStatement {
  /**
   * What a head row's times become, from those that a member {@code m} asks for at {@code c.at}.
   */
  static final String TIMES =
      """
      case when m.look_after is null and m.look_by is null then null else greatest(c.at, least(
        c.at + m.look_after * interval '1 microsecond', timestamptz 'epoch' + m.look_by * interval '1 microsecond')) end as due,
      timestamptz 'epoch' + m.look_by * interval '1 microsecond' as timer,
      case when m.owner is not null then c.at + coalesce(m.look_after, 0) * interval '1 microsecond' end as lease_until,
      case when m.ended then c.at end as ended_at
      """;

  /** What a successor makes of a head row {@code e} beside its state, with the times {@code t}. */
  static final String MOVED =
      """
      due_at = t.due, timer_at = t.timer, wake_at = next_wake(e.wake_at, t.due, t.at),
        lease_owner = t.owner, lease_until = t.lease_until, ended_at = t.ended_at, strikes = 0, backoff = 0
      """;

  /**
   * Rows are locked in order of id, then the clock is read once: no row of this statement is dated
   * before a row that it follows. {@code id = any(..)} together with the bounds fixes the plan to
   * the primary keys of the partitions concerned.
   */
  private static final String BEGIN =
      """
      with member as materialized (
        select * from unnest(?::uuid[], ?::int4[], ?::int4[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::text[], ?::bool[],
            ?::bytea[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::int8[],
            ?::text[])
          as m (id, expected, revision, status, state, look_after, look_by, owner, ended,
            answered, answer_hash, tenant, flow, version, source, key, request_hash, keep, traceparent)
      ), locked as materialized (
        select e.id from executions e where e.id = any(?::uuid[]) and e.id between ?::uuid and ?::uuid
        order by e.id for no key update
      ), answerable as materialized (
        select w.token_hash from waits w where w.token_hash = any(?::bytea[]) and w.answer_hash is null
        order by w.token_hash for no key update
      ), clock as materialized (
        select clock_timestamp() as at from (select count(*) from locked) l, (select count(*) from answerable) a
      ), timed as materialized (
        select m.*, c.at,
      """
          + TIMES
          + """
            from member m cross join clock c
          ), keyed as (
            insert into idempotency_keys as k (tenant, source, key, execution, expires, request_hash)
            select t.tenant, t.source, t.key, t.id, t.at + t.keep * interval '1 microsecond', t.request_hash
            from timed t where t.key is not null order by t.tenant, t.source, t.key
            on conflict (tenant, source, key) do update
              set execution = excluded.execution, expires = excluded.expires, request_hash = excluded.request_hash
              where k.expires <= (select at from clock)
            returning k.execution
          ), started as (
            insert into executions (id, started_at, due_at, wake_at, timer_at, lease_until, ended_at, revision, tenant, flow,
              version, status, lease_owner, traceparent, state)
            select t.id, t.at, t.due, t.due, t.timer, t.lease_until, t.ended_at, t.revision, t.tenant, t.flow,
              t.version, t.status, t.owner, t.traceparent, t.state::json
            from timed t where t.expected = 0 and (t.key is null or t.id in (select execution from keyed))
            on conflict do nothing
            returning id, tenant
          ), moved as (
            update executions e
            set revision = t.revision, status = t.status, state = t.state::json,
          """
          + MOVED
          + """
            from timed t
            where e.id = t.id and e.id = any(?::uuid[]) and e.id between ?::uuid and ?::uuid and e.revision = t.expected
              and e.status <> 'quarantined' and (t.answered is null or t.answered in (select token_hash from answerable))
            returning e.id, e.tenant
          ), written as materialized (
            select id, tenant from moved union all select id, tenant from started
          ), history as (
            insert into transitions (execution, at, due, commit_id, revision, attempt, event, step, data)
            select r.execution, c.at, c.at + r.due_after * interval '1 microsecond', r.commit_id, r.revision, r.attempt,
              r.event, r.step, r.data::json
            from unnest(?::uuid[], ?::int4[], ?::int8[], ?::int2[], ?::text[], ?::text[], ?::text[], ?::int8[])
                as r (execution, revision, commit_id, attempt, event, step, data, due_after)
              join written w on w.id = r.execution cross join clock c
          """;

  /** What most commits need: waits for callbacks. */
  private static final String OPENED =
      """
      ), opened as (
        insert into waits as w (token_hash, execution, opened_at, answered_at, tenant, step, answer_hash)
        select o.token_hash, o.execution, c.at, case when o.answer_hash is not null then c.at end, x.tenant, o.step, o.answer_hash
        from unnest(?::bytea[], ?::uuid[], ?::text[], ?::bytea[]) as o (token_hash, execution, step, answer_hash)
          join written x on x.id = o.execution cross join clock c
        on conflict (token_hash) do update
          set opened_at = excluded.opened_at, answered_at = excluded.answered_at, answer_hash = excluded.answer_hash
          where w.execution = excluded.execution
      """;

  /** What some need: waits of every kind, the end of some, events and search attributes. */
  private static final String OPENED_AND_POSTED =
      """
      ), opened as (
        insert into waits as w (token_hash, execution, opened_at, answered_at, tenant, step, answer_hash, kind, type, key, approval, about)
        select o.token_hash, o.execution, c.at, case when o.answer_hash is not null then c.at end, x.tenant, o.step, o.answer_hash,
          o.kind, o.type, o.key, o.approval, o.about::json
        from unnest(?::bytea[], ?::uuid[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[])
            as o (token_hash, execution, step, answer_hash, kind, type, key, approval, about)
          join written x on x.id = o.execution cross join clock c
        on conflict (token_hash) do update
          set opened_at = excluded.opened_at, answered_at = excluded.answered_at, answer_hash = excluded.answer_hash,
            key = excluded.key, about = excluded.about, closed_at = null
          where w.execution = excluded.execution
      ), closed as (
        update waits w set closed_at = c.at
        from unnest(?::bytea[], ?::uuid[]) as o (token_hash, execution) join written x on x.id = o.execution cross join clock c
        where w.token_hash = any(?::bytea[]) and w.token_hash = o.token_hash and w.execution = o.execution and w.closed_at is null
      ), posted as (
        insert into buffered_events (id, received_at, expires, deliver_at, tenant, type, key, data, cause)
        select p.id, c.at, c.at + p.keep * interval '1 microsecond', c.at + p.grace * interval '1 microsecond', x.tenant, p.type, p.key,
          p.data::json, p.execution
        from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::int8[])
            as p (id, execution, type, key, data, keep, grace)
          join written x on x.id = p.execution cross join clock c
        on conflict (id) do nothing
      ), searched as (
        insert into search_attributes as s (tenant, name, value, execution)
        select x.tenant, a.name, nullif(a.value, ''), x.id
        from unnest(?::uuid[], ?::text[], ?::text[]) as a (execution, name, value) join written x on x.id = a.execution
        on conflict (execution, name) do update set value = excluded.value
      """
          + HaltedPart.SQL;

  /** What commits on somebody's behalf tell the audit trail. */
  private static final String TOLD =
      """
      ), told as (
        insert into audit (at, tenant, actor, action, object, details)
        select c.at, x.tenant, a.actor, a.action, a.object, a.details::json
        from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[]) as a (execution, actor, action, object, details)
          join written x on x.id = a.execution cross join clock c
      """;

  private static final String END =
      """
      ), answered as (
        update waits w set answer_hash = t.answer_hash, answered_at = t.at
        from timed t join moved m on m.id = t.id
        where w.token_hash = any(?::bytea[]) and w.token_hash = t.answered and t.answered is not null
      )
      select (extract(epoch from c.at) * 1000000)::int8 as at, array(select id from written) as written from clock c
      """;

  static final String SQL = BEGIN + OPENED + END;
  static final String FULL_SQL = BEGIN + OPENED_AND_POSTED + END;
  static final String TOLD_SQL = BEGIN + OPENED + TOLD + END;
  static final String FULL_TOLD_SQL = BEGIN + OPENED_AND_POSTED + TOLD + END;

  /** What a group was answered: the time, and who was written. */
  record Answer(Instant at, Set<UUID> written) {}

  private static final UUID NOBODY = new UUID(0, 0);

  private final Connection connection;
  private final PreparedStatement statement;
  private int position;

  private CommitStatement(Connection connection, PreparedStatement statement) {
    this.connection = connection;
    this.statement = statement;
  }

  /** Executes it, in a transaction of its own. */
  static Answer execute(Connection connection, List<Member> group) throws SQLException {
    boolean full = group.stream().anyMatch(member -> needsMore(member.commit));
    List<Member> telling = group.stream().filter(member -> member.told != null).toList();
    try (PreparedStatement statement = connection.prepareStatement(sql(full, telling))) {
      new CommitStatement(connection, statement).bind(group, full, telling);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        Set<UUID> written = new HashSet<>();
        for (UUID id : (UUID[]) rows.getArray(2).getArray()) {
          written.add(id);
        }
        return new Answer(Sql.ofMicros(rows.getLong(1)), written);
      }
    }
  }

  private static String sql(boolean full, List<Member> telling) {
    if (telling.isEmpty()) {
      return full ? FULL_SQL : SQL;
    }
    return full ? FULL_TOLD_SQL : TOLD_SQL;
  }

  private static boolean needsMore(Commit commit) {
    return !commit.closed().isEmpty()
        || !commit.posted().isEmpty()
        || !commit.searched().isEmpty()
        || commit.halted() != null
        || commit.opened().stream().anyMatch(wait -> !wait.isCallback());
  }

  private void bind(List<Member> group, boolean full, List<Member> telling) throws SQLException {
    List<Commit> commits = group.stream().map(member -> member.commit).toList();
    UUID[] locked =
        commits.stream()
            .filter(c -> c.expected() > 0)
            .map(Commit::execution)
            .sorted(Sql.ID_ORDER)
            .toArray(UUID[]::new);
    UUID least = locked.length == 0 ? NOBODY : locked[0];
    UUID greatest = locked.length == 0 ? NOBODY : locked[locked.length - 1];
    bindMembers(commits);
    ids(locked, least, greatest);
    byte[][] answers =
        commits.stream()
            .map(CommitStatement::answeredBefore)
            .filter(h -> h != null)
            .toArray(byte[][]::new);
    bind("bytea", answers);
    ids(locked, least, greatest);
    bindHistory(group);
    bindWaits(commits, full);
    if (full) {
      bindClosed(commits);
      bindPosted(commits);
      bindSearched(commits);
      for (Object[] values : HaltedPart.values(commits)) {
        bind(values instanceof UUID[] ? "uuid" : "text", values);
      }
    }
    if (!telling.isEmpty()) {
      bindTold(telling);
    }
    bind("bytea", answers);
  }

  private void bindMembers(List<Commit> commits) throws SQLException {
    bind("uuid", commits, new UUID[0], Commit::execution);
    bind("int4", commits, new Integer[0], Commit::expected);
    bind("int4", commits, new Integer[0], c -> c.expected() + c.rows().size());
    bind("text", commits, new String[0], c -> c.head().status());
    bind("text", commits, new String[0], c -> c.head().state());
    bind("int8", commits, new Long[0], c -> Sql.micros(c.head().lookAfter()));
    bind("int8", commits, new Long[0], c -> Sql.micros(c.head().lookBy()));
    bind("text", commits, new String[0], c -> c.head().owner());
    bind("bool", commits, new Boolean[0], c -> c.head().ended());
    bind("bytea", commits, new byte[0][], CommitStatement::answeredBefore);
    bind(
        "bytea",
        commits,
        new byte[0][],
        c -> c.answered() == null ? null : c.answered().answerHash());
    bindOpenings(commits);
  }

  private void bindOpenings(List<Commit> commits) throws SQLException {
    bind("text", commits, new String[0], opening(Commit.Opening::tenant));
    bind("text", commits, new String[0], opening(Commit.Opening::flow));
    bind("text", commits, new String[0], opening(Commit.Opening::version));
    bind("text", commits, new String[0], key(Commit.IdempotencyKey::source));
    bind("text", commits, new String[0], key(Commit.IdempotencyKey::key));
    bind("bytea", commits, new byte[0][], key(Commit.IdempotencyKey::requestHash));
    bind("int8", commits, new Long[0], key(k -> Sql.micros(k.keep())));
    bind("text", commits, new String[0], opening(Commit.Opening::traceparent));
  }

  private void bindHistory(List<Member> group) throws SQLException {
    List<Line> lines = new ArrayList<>();
    for (Member member : group) {
      int revision = member.commit.expected();
      for (Commit.Row row : member.commit.rows()) {
        revision++;
        lines.add(new Line(member, revision, row));
      }
    }
    bind("uuid", lines, new UUID[0], line -> line.member.commit.execution());
    bind("int4", lines, new Integer[0], Line::revision);
    bind("int8", lines, new Long[0], line -> line.member.commitId);
    bind("int2", lines, new Short[0], line -> (short) line.row.attempt());
    bind("text", lines, new String[0], line -> line.row.event());
    bind("text", lines, new String[0], line -> line.row.step());
    bind("text", lines, new String[0], line -> line.row.data());
    bind("int8", lines, new Long[0], line -> Sql.micros(line.row.dueAfter()));
  }

  private void bindWaits(List<Commit> commits, boolean full) throws SQLException {
    List<Opened> opened = new ArrayList<>();
    for (Commit commit : commits) {
      for (Commit.Wait wait : commit.opened()) {
        opened.add(new Opened(commit, wait));
      }
    }
    bind("bytea", opened, new byte[0][], o -> o.begun.tokenHash());
    bind("uuid", opened, new UUID[0], o -> o.commit.execution());
    bind("text", opened, new String[0], o -> o.begun.step());
    bind(
        "bytea",
        opened,
        new byte[0][],
        o -> isAnswerTo(o.commit, o.begun) ? o.commit.answered().answerHash() : null);
    if (full) {
      bind("text", opened, new String[0], o -> o.begun.kind());
      bind("text", opened, new String[0], o -> o.begun.type());
      bind("text", opened, new String[0], o -> o.begun.key());
      bind("uuid", opened, new UUID[0], o -> o.begun.approval());
      bind("text", opened, new String[0], o -> o.begun.about());
    }
  }

  private void bindClosed(List<Commit> commits) throws SQLException {
    record Closed(UUID execution, byte[] tokenHash) {}
    List<Closed> closed = new ArrayList<>();
    for (Commit commit : commits) {
      commit.closed().forEach(hash -> closed.add(new Closed(commit.execution(), hash)));
    }
    bind("bytea", closed, new byte[0][], Closed::tokenHash);
    bind("uuid", closed, new UUID[0], Closed::execution);
    bind("bytea", closed, new byte[0][], Closed::tokenHash);
  }

  private void bindPosted(List<Commit> commits) throws SQLException {
    record Event(UUID execution, Commit.Posted posted) {}
    List<Event> events = new ArrayList<>();
    for (Commit commit : commits) {
      commit.posted().forEach(posted -> events.add(new Event(commit.execution(), posted)));
    }
    bind("uuid", events, new UUID[0], e -> e.posted.id());
    bind("uuid", events, new UUID[0], Event::execution);
    bind("text", events, new String[0], e -> e.posted.type());
    bind("text", events, new String[0], e -> e.posted.key());
    bind("text", events, new String[0], e -> e.posted.data());
    bind("int8", events, new Long[0], e -> Sql.micros(Events.KEPT));
    bind("int8", events, new Long[0], e -> Sql.micros(Events.DELIVERY_GRACE));
  }

  private void bindSearched(List<Commit> commits) throws SQLException {
    List<Attribute> attributes = new ArrayList<>();
    for (Commit commit : commits) {
      commit
          .searched()
          .forEach((name, value) -> attributes.add(new Attribute(commit.execution(), name, value)));
    }
    bind("uuid", attributes, new UUID[0], Attribute::execution);
    bind("text", attributes, new String[0], Attribute::name);
    bind("text", attributes, new String[0], Attribute::value);
  }

  private void bindTold(List<Member> telling) throws SQLException {
    bind("uuid", telling, new UUID[0], member -> member.commit.execution());
    bind("text", telling, new String[0], member -> member.told.actor());
    bind("text", telling, new String[0], member -> member.told.action());
    bind("text", telling, new String[0], member -> member.told.object());
    bind("text", telling, new String[0], member -> member.told.detailsText());
  }

  private record Attribute(UUID execution, String name, String value) {}

  private record Line(Member member, int revision, Commit.Row row) {}

  private record Opened(Commit commit, Commit.Wait begun) {}

  /**
   * The token hash of a wait that must be open already; a chain may also open and answer one at
   * once.
   */
  private static byte[] answeredBefore(Commit commit) {
    Commit.Answered answered = commit.answered();
    return answered == null || commit.opened().stream().anyMatch(wait -> isAnswerTo(commit, wait))
        ? null
        : answered.tokenHash();
  }

  private static boolean isAnswerTo(Commit commit, Commit.Wait wait) {
    return commit.answered() != null
        && Arrays.equals(commit.answered().tokenHash(), wait.tokenHash());
  }

  private static <T> Function<Commit, T> opening(Function<Commit.Opening, T> field) {
    return commit -> commit.opening() == null ? null : field.apply(commit.opening());
  }

  private static <T> Function<Commit, T> key(Function<Commit.IdempotencyKey, T> field) {
    return opening(opening -> opening.key() == null ? null : field.apply(opening.key()));
  }

  private void ids(UUID[] ids, UUID least, UUID greatest) throws SQLException {
    bind("uuid", ids);
    statement.setObject(++position, least);
    statement.setObject(++position, greatest);
  }

  private <S, T> void bind(String type, List<S> sources, T[] none, Function<S, T> field)
      throws SQLException {
    T[] values = Arrays.copyOf(none, sources.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = field.apply(sources.get(i));
    }
    bind(type, values);
  }

  private void bind(String type, Object[] values) throws SQLException {
    Array array = connection.createArrayOf(type, values);
    statement.setArray(++position, array);
  }
}
