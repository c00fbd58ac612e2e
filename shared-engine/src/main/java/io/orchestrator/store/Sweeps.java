package io.orchestrator.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * What the sweeper asks of the database. It runs no step; by any number of sweepers, one sweeps at
 * a time.
 */
public final class Sweeps {
  /** Index entries that one sweep looks at; more than a busy 17 seconds leave behind. */
  private static final int SCAN_MAX = 500_000;

  // One statement. "found" is what is left of the window once final rows are passed over; "locked"
  // what no commit is just moving.
  // What is due is called for again after 2, 4, 8 .. 60 s, until it makes progress; what is not due
  // yet gets its exact time.
  static final String DUE =
      """
      with mark as materialized (
        select swept_to from sweep_mark where swept_to <= clock_timestamp() - ? * interval '1 microsecond' for update skip locked
      ), clock as materialized (
        select clock_timestamp() as at from (select count(*) from mark) m
      ), scanned as materialized (
        select e.id, e.wake_at, e.ended_at from executions e
        where e.wake_at >= (select swept_to from mark) - interval '15 seconds' and e.wake_at <= (select at from clock)
        order by e.wake_at limit ?
      ), found as materialized (
        select id, wake_at from scanned where ended_at is null order by wake_at limit ?
      ), locked as materialized (
        select e.id, e.due_at, e.lease_until, e.backoff from executions e
        where e.id = any(array(select id from found)) and e.ended_at is null
        order by e.id for no key update skip locked
      ), moved as (
        update executions e
        set backoff = case when l.due_at <= c.at then least(l.backoff + 1, 6) else l.backoff end,
          wake_at = case when l.due_at <= c.at then c.at + least(60, 2 * (1 << l.backoff)) * interval '1 second' else l.due_at end
        from locked l cross join clock c
        where e.id = l.id and e.id = any(array(select id from locked))
        returning e.id, e.tenant, e.revision, e.status, l.due_at, l.backoff, e.lease_owner is not null as leased,
          l.due_at <= c.at as due, l.lease_until <= c.at as lease_over
      ), marked as (
        update sweep_mark set swept_to = least(
          (select min(f.wake_at) from found f where f.id not in (select id from locked)),
          case when (select count(*) from found) = ? then (select max(wake_at) from found)
            when (select count(*) from scanned) = ? then (select max(wake_at) from scanned)
            else (select at from clock) end)
        where exists (select from mark)
      ), undelivered as materialized (
        select b.id from buffered_events b where b.deliver_at <= (select at from clock) and exists (select from mark)
        order by b.deliver_at limit ? for update skip locked
      ), called as (
        update buffered_events b
        set deliver_at = c.at + least(60, 2 * (1 << least(b.tries, 5))) * interval '1 second', tries = least(b.tries + 1, 1000)
        from clock c
        where b.id = any(array(select id from undelivered))
        returning b.id, b.tenant, b.tries
      ), ordered as (
        update bulk_orders b set due_at = c.at + interval '30 seconds', turn = b.turn + 1
        from clock c
        where b.due_at <= (select at from clock) and exists (select from mark)
        returning b.id, b.tenant, b.turn
      ), timed as materialized (
        select s.id from schedules s where s.due_at <= (select at from clock) and exists (select from mark)
        order by s.due_at limit ? for update skip locked
      ), fires as (
        update schedules s set due_at = c.at + interval '30 seconds' from clock c
        where s.id = any(array(select id from timed))
        returning s.id, s.tenant
      ), ahead as (
        select least((select min(b.due_at) from bulk_orders b where b.due_at > (select at from clock)),
          (select s.due_at from schedules s where s.due_at > (select at from clock) order by s.due_at limit 1),
          (select min(due_at) from moved where not due),
          (select e.wake_at from executions e where e.wake_at > (select at from clock) order by e.wake_at limit 1),
          (select b.deliver_at from buffered_events b where b.deliver_at > (select at from clock) order by b.deliver_at limit 1)) as at
      )
      select id, tenant, revision, status, due_at, backoff, coalesce(leased and lease_over, false) as lease_over, null::int8 as ahead
      from moved where due
      union all
      select null, null, null, null, null, null, null, (extract(epoch from a.at - c.at) * 1000000)::int8
      from ahead a cross join clock c where a.at is not null
      union all
      select id, tenant, 0, 'event', null, tries, false, null from called
      union all
      select id, tenant, turn, 'bulk', null, 0, false, null from ordered
      union all
      select id, tenant, 0, 'schedule', null, 0, false, null from fires
      """;

  // Walks by id from the oldest: an execution that ended that long ago began before then.
  static final String PURGE =
      """
      with old as materialized (
        select id, ended_at, revision from executions where id > ? and id < uuid_floor(clock_timestamp() - ? * interval '1 microsecond')
        order by id limit ?
      ), doomed as materialized (
        select id from old where ended_at < clock_timestamp() - ? * interval '1 microsecond'
          and (id, revision) in (select a.execution, a.revision from archived a where a.execution = any(array(select id from old)))
      ), forgotten as (
        delete from archived where execution = any(array(select id from doomed))
      ), waits_gone as (
        delete from waits where execution = any(array(select id from doomed))
      ), halted_gone as (
        delete from halted where execution = any(array(select id from doomed))
      ), history_gone as (
        delete from transitions where execution = any(array(select id from doomed))
      ), gone as (
        delete from executions where id = any(array(select id from doomed)) returning id
      )
      select (select id from old order by id desc limit 1) as last, (select count(*) from gone)::int4 as gone
      """;

  private static final String PURGE_KEYS =
      """
      delete from idempotency_keys where (tenant, source, key) in (
        select tenant, source, key from idempotency_keys where expires < clock_timestamp() order by expires limit ?)
      """;

  private static final String PURGE_EVENTS =
      """
      delete from buffered_events where id = any(array(
        select id from buffered_events where expires < clock_timestamp() order by expires limit ?))
      """;

  // Of executions that are gone: purged one by one, or with the partition of their month.
  private static final String PURGE_SEARCH =
      """
      delete from search_attributes where (execution, name) in (
        select s.execution, s.name from search_attributes s
        where s.execution < uuid_floor(clock_timestamp() - ? * interval '1 microsecond')
          and not exists (select from executions e where e.id = s.execution)
        order by s.execution limit ?)
      """;

  // The same for those that had halted.
  private static final String PURGE_HALTED =
      """
      delete from halted where execution = any(array(
        select h.execution from halted h
        where h.execution < uuid_floor(clock_timestamp() - ? * interval '1 microsecond')
          and not exists (select from executions e where e.id = h.execution)
        order by h.execution limit ?))
      """;

  // One that waits for somebody to continue it has no end; its beginning counts.
  private static final String PURGE_ORDERS =
      """
      delete from bulk_orders where id = any(array(
        select id from bulk_orders
        where created_at < clock_timestamp() - ? * interval '1 microsecond' and status <> 'running'
          and coalesce(ended_at, created_at) < clock_timestamp() - ? * interval '1 microsecond'
        order by created_at limit ?))
      """;

  /** The status of what is an order about many executions. */
  public static final String BULK = "bulk";

  /** The status of what is a schedule. */
  public static final String SCHEDULE = "schedule";

  /** The status of what is an event. */
  public static final String EVENT = "event";

  private static final UUID BEFORE_ALL = new UUID(0, 0);
  private static final int BATCH = 500;

  private final DataSource source;

  /** Sweeps there; the role is the engine's. */
  public Sweeps(DataSource source) {
    this.source = source;
  }

  /**
   * An execution that somebody must look after, an event that has not reached everybody, or a
   * schedule that is due.
   *
   * @param execution its id, or the event's, or the schedule's
   * @param status of the execution; {@link #EVENT} for an event
   * @param dueAt since when; null for an event
   * @param calls how often it was called for before, without progress since
   * @param leaseOver whether an owner had a call in flight whose lease has run out
   */
  public record Due(
      UUID execution,
      String tenant,
      int revision,
      String status,
      Instant dueAt,
      int calls,
      boolean leaseOver) {}

  /**
   * What a sweep has found.
   *
   * @param ahead after that time something may be due that is not now; null if nothing ever will be
   *     unless somebody commits
   */
  public record Found(List<Due> due, Duration ahead) {}

  /**
   * Finds what is due and lets it rest for a while, each time longer, so that the next sweep does
   * not find it again at once. Costs one transaction. If nothing is due, no row of an execution is
   * written.
   *
   * @param unlessWithin finds nothing if another sweep has come that near to now
   */
  public Found find(int cap, Duration unlessWithin) {
    return Sql.repeatable(
        source,
        "sweeping",
        connection -> {
          List<Row> rows =
              Sql.list(
                  connection,
                  DUE,
                  Sweeps::row,
                  unlessWithin,
                  SCAN_MAX,
                  cap,
                  cap,
                  SCAN_MAX,
                  cap,
                  cap);
          return new Found(
              rows.stream().map(Row::due).filter(Objects::nonNull).toList(),
              rows.stream().map(Row::ahead).filter(Objects::nonNull).findFirst().orElse(null));
        });
  }

  private record Row(Due due, Duration ahead) {}

  private static Row row(ResultSet row) throws SQLException {
    UUID id = Sql.uuid(row, "id");
    if (id == null) {
      return new Row(null, Duration.of(row.getLong("ahead"), ChronoUnit.MICROS));
    }
    return new Row(
        new Due(
            id,
            row.getString("tenant"),
            row.getInt("revision"),
            row.getString("status"),
            Sql.instant(row, "due_at"),
            row.getInt("backoff"),
            row.getBoolean("lease_over")),
        null);
  }

  /**
   * Lets the next sweep look again at everything since then; for operators, after a restored
   * backup.
   */
  public void rewind(Instant to) {
    Sql.repeatable(
        source,
        "rewinding the sweep",
        connection ->
            update(connection, "update sweep_mark set swept_to = least(swept_to, ?)", to));
  }

  /** Makes the partitions of the next two months. Returns how many were missing. */
  public int partitions() {
    return Sql.repeatable(
        source,
        "making partitions",
        connection ->
            Sql.first(connection, "select make_partitions() as made", row -> row.getInt("made"))
                .orElse(0));
  }

  /**
   * Months (YYYY_MM) all of whose executions ended that long ago: to be archived, and then dropped.
   */
  public List<String> expiredMonths(Duration retention) {
    return Sql.repeatable(
        source,
        "looking for expired months",
        connection ->
            Sql.list(
                connection,
                "select expired_months(? * interval '1 microsecond') as month order by 1",
                row -> row.getString(1),
                retention));
  }

  /**
   * Drops such a month, with its history and its waits, if all of it is archived. Returns whether
   * it did.
   */
  public boolean dropMonth(String month, Duration retention) {
    return Sql.repeatable(
        source,
        "dropping the month " + month,
        connection ->
            Sql.first(
                    connection,
                    "select drop_month(?, ? * interval '1 microsecond')",
                    row -> row.getBoolean(1),
                    month,
                    retention)
                .orElse(false));
  }

  /**
   * Deletes executions that ended that long ago and are archived, with history and waits, and the
   * keys and events that have expired, and bulk orders that ended that long ago; in batches, at
   * most so many of them a call. Returns how many executions are gone.
   */
  public int purge(Duration retention, int batchesMax) {
    int gone = 0;
    UUID after = BEFORE_ALL;
    for (int batch = 0; batch < batchesMax && after != null; batch++) {
      Batch done = purgeAfter(after, retention);
      gone += done.gone;
      after = done.last;
    }
    Sql.repeatable(
        source,
        "purging search attributes",
        connection -> update(connection, PURGE_SEARCH, retention, BATCH * batchesMax));
    Sql.repeatable(
        source,
        "purging what had halted",
        connection -> update(connection, PURGE_HALTED, retention, BATCH * batchesMax));
    Sql.repeatable(
        source,
        "purging bulk orders",
        connection -> update(connection, PURGE_ORDERS, retention, retention, BATCH * batchesMax));
    all(PURGE_KEYS, batchesMax);
    all(PURGE_EVENTS, batchesMax);
    return gone;
  }

  private record Batch(UUID last, int gone) {}

  private Batch purgeAfter(UUID after, Duration retention) {
    return Sql.repeatable(
        source,
        "purging executions",
        connection ->
            Sql.first(
                    connection,
                    PURGE,
                    row -> new Batch(Sql.uuid(row, "last"), row.getInt("gone")),
                    after,
                    retention,
                    BATCH,
                    retention)
                .orElseThrow());
  }

  private void all(String sql, int batchesMax) {
    for (int batch = 0; batch < batchesMax; batch++) {
      if (Sql.repeatable(source, "purging", connection -> update(connection, sql, BATCH)) < BATCH) {
        return;
      }
    }
  }

  private static int update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Sql.bind(connection, statement, parameters);
      return statement.executeUpdate();
    }
  }
}
