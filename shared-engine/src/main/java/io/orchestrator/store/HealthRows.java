package io.orchestrator.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Whose health is looked after, when, and what was found. */
public final class HealthRows {
  /** Checks of one adapter that are kept. */
  public static final int CHECKS_MAX = 100;

  // A change of the definition is looked at at once.
  private static final String SCHEDULE =
      """
      insert into adapter_health as h (tenant, adapter, every_ms) values (?, ?, ?)
      on conflict (tenant, adapter) do update set every_ms = excluded.every_ms, due_at = excluded.due_at
      returning adapter
      """;

  private static final String UNSCHEDULE =
      "delete from adapter_health where tenant = ? and adapter = ? returning adapter";

  // Instants that nobody could take are left out; the next one lies ahead, in the same rhythm.
  static final String TAKE =
      """
      update adapter_health h
      set due_at = d.due_at + (floor(extract(epoch from clock_timestamp() - d.due_at) * 1000 / h.every_ms) + 1)
        * h.every_ms * interval '1 millisecond'
      from (
        select tenant, adapter, due_at from adapter_health
        where due_at <= clock_timestamp() order by due_at limit ? for update skip locked) d
      where h.tenant = d.tenant and h.adapter = d.adapter
      returning h.tenant, h.adapter, d.due_at as instant
      """;

  private static final String NEXT =
      """
      select (extract(epoch from due_at - clock_timestamp()) * 1000)::int8 as ms from adapter_health order by due_at limit 1
      """;

  private static final String NOTE =
      """
      with head as (
        update adapter_health set up = ?, since = case when up is distinct from ? then clock_timestamp() else since end
        where tenant = ? and adapter = ? returning tenant, adapter
      )
      insert into adapter_checks (tenant, adapter, instant, up, status, took_ms, note)
      select tenant, adapter, ?, ?, ?::int4, ?, ? from head
      on conflict do nothing
      returning instant
      """;

  private static final String TRIM =
      """
      delete from adapter_checks where tenant = ? and adapter = ? and instant < (
        select instant from adapter_checks where tenant = ? and adapter = ? order by instant desc offset ? limit 1)
      returning instant
      """;

  private static final String HEAD =
      "select up, since, due_at from adapter_health where tenant = ? and adapter = ?";

  private static final String CHECKS =
      """
      select instant, at, up, status, took_ms, note from adapter_checks
      where tenant = ? and adapter = ? order by instant desc limit ?
      """;

  private final DataSource source;
  private final Tenancy tenancy;

  /** Keeps them there; taking and noting checks needs the engine's role. */
  public HealthRows(DataSource source) {
    this.source = source;
    this.tenancy = new Tenancy(source);
  }

  /** A check that is to be made now. */
  public record Due(String tenant, String adapter, Instant instant) {}

  /**
   * What is due.
   *
   * @param next how long until the next one is; negative if more are due; null if there is none
   */
  public record Taken(List<Due> due, Duration next) {}

  /**
   * What a check found.
   *
   * @param status null: there was no answer
   */
  public record Check(
      Instant instant, Instant at, boolean up, Integer status, Duration took, String note) {}

  /**
   * How an adapter's service is.
   *
   * @param up null: not known yet
   * @param checks the latest first
   */
  public record Health(Boolean up, Instant since, Instant next, List<Check> checks) {}

  /** In the transaction that stores a definition; {@code every} is null if it has no check. */
  static void schedule(Connection connection, String tenant, String adapter, Duration every)
      throws SQLException {
    if (every == null) {
      Sql.list(connection, UNSCHEDULE, row -> row.getString(1), tenant, adapter);
    } else {
      Sql.list(connection, SCHEDULE, row -> row.getString(1), tenant, adapter, every.toMillis());
    }
  }

  /** Takes the checks that are due, of all tenants; each instant is taken once. */
  public Taken take(int most) {
    return Sql.repeatable(
        source,
        "taking health checks",
        connection -> {
          connection.setAutoCommit(false);
          List<Due> due = Sql.list(connection, TAKE, HealthRows::due, most);
          List<Duration> next =
              Sql.list(connection, NEXT, row -> Duration.ofMillis(row.getLong("ms")));
          connection.commit();
          return new Taken(due, next.isEmpty() ? null : next.getFirst());
        });
  }

  /** Notes what was found. Nothing is noted of an adapter that is not looked after any more. */
  public void note(Due due, boolean up, Integer status, Duration took, String note) {
    tenancy.transaction(
        due.tenant(),
        connection -> {
          Sql.list(
              connection,
              NOTE,
              row -> row.getString(1),
              up,
              up,
              due.tenant(),
              due.adapter(),
              due.instant(),
              up,
              status,
              (int) Math.min(Integer.MAX_VALUE, took.toMillis()),
              note.length() > 500 ? note.substring(0, 500) : note);
          return Sql.list(
              connection,
              TRIM,
              row -> row.getString(1),
              due.tenant(),
              due.adapter(),
              due.tenant(),
              due.adapter(),
              CHECKS_MAX - 1);
        });
  }

  /** Stops looking after an adapter whose definition has no check any more. */
  public void forget(Due due) {
    tenancy.list(due.tenant(), UNSCHEDULE, row -> row.getString(1), due.tenant(), due.adapter());
  }

  /** How an adapter's service is; empty if nobody looks after it. */
  public Optional<Health> find(String tenant, String adapter) {
    return tenancy.transaction(
        tenant,
        connection -> {
          List<Check> checks =
              Sql.list(connection, CHECKS, HealthRows::check, tenant, adapter, CHECKS_MAX);
          return Sql.first(connection, HEAD, row -> health(row, checks), tenant, adapter);
        });
  }

  private static Health health(ResultSet row, List<Check> checks) throws SQLException {
    return new Health(
        row.getObject("up", Boolean.class),
        Sql.instant(row, "since"),
        Sql.instant(row, "due_at"),
        checks);
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(row.getString("tenant"), row.getString("adapter"), Sql.instant(row, "instant"));
  }

  private static Check check(ResultSet row) throws SQLException {
    return new Check(
        Sql.instant(row, "instant"),
        Sql.instant(row, "at"),
        row.getBoolean("up"),
        row.getObject("status", Integer.class),
        Duration.ofMillis(row.getInt("took_ms")),
        row.getString("note"));
  }
}
