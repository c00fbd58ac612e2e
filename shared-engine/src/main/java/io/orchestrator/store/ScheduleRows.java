package io.orchestrator.store;

import io.orchestrator.expression.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** The schedules of the versions that starts take, and how far each of them has come. */
public final class ScheduleRows {
  private static final String FIELDS =
      """
      s.id, s.tenant, s.flow, s.version, s.name, s.revision, s.next_at, s.last_at, s.last_execution,
        array_to_json(s.pending)::text as pending, clock_timestamp() as now
      """;

  private static final String LEAVE =
      "delete from schedules where tenant = ? and flow = ? and name <> all (?) returning name";

  private static final String NOW = "select clock_timestamp() as now";

  // The same schedule in another version goes on where it is.
  private static final String PUT =
      """
      insert into schedules as s (id, tenant, flow, version, name, cron, timezone, overlap, catchup, next_at, due_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz)
      on conflict (tenant, flow, name) do update
        set version = excluded.version, overlap = excluded.overlap, catchup = excluded.catchup, revision = s.revision + 1
      returning s.id
      """;

  // Only what this schedule has started, by key, so that there is no need to know its month.
  private static final String LOOK =
      """
      select %s,
        array(select e.id from executions e where e.id = any(s.living) and e.ended_at is null order by e.id) as living
      from schedules s where s.id = any(?) order by s.id
      """
          .formatted(FIELDS);

  private static final String KEEP =
      """
      update schedules set revision = revision + 1, next_at = ?::timestamptz, pending = ?::text[]::timestamptz[], living = ?,
        last_at = ?::timestamptz, last_execution = ?::uuid, due_at = ?::timestamptz
      where id = ? and revision = ? returning revision
      """;

  private static final String LIST =
      """
      select %s, '{}'::uuid[] as living, s.cron, s.timezone, s.overlap, s.catchup from schedules s
      where s.tenant = ? and (?::text is null or s.flow = ?::text) and (s.flow, s.name) > (?, ?) order by s.flow, s.name limit ?
      """
          .formatted(FIELDS);

  private final DataSource source;

  /** Keeps them there; the role is the API's or the engine's. */
  public ScheduleRows(DataSource source) {
    this.source = source;
  }

  /**
   * A schedule as a version has it.
   *
   * @param name what makes it the same one in another version
   * @param next the first time after a moment; null for none
   */
  public record Written(
      String name,
      String cron,
      String timezone,
      String overlap,
      String catchup,
      UnaryOperator<Instant> next) {}

  /**
   * A schedule and how far it has come.
   *
   * @param nextAt the first instant about which nothing is decided; null: none comes
   * @param pending instants that are to start an execution, the oldest first
   * @param living executions that it has started and that have not ended
   * @param now the time of the database when it was read
   */
  public record Row(
      UUID id,
      String tenant,
      String flow,
      String version,
      String name,
      int revision,
      Instant nextAt,
      List<Instant> pending,
      List<UUID> living,
      Instant lastAt,
      UUID lastExecution,
      Instant now) {
    public Row {
      pending = List.copyOf(pending);
      living = List.copyOf(living);
    }

    /** After a decision about instants. */
    public Row decided(Instant next, List<Instant> wanted) {
      return new Row(
          id,
          tenant,
          flow,
          version,
          name,
          revision,
          next,
          wanted,
          living,
          lastAt,
          lastExecution,
          now);
    }

    /**
     * Once it has dealt with the oldest instant that was pending.
     *
     * @param execution that it has started; null if it could not
     * @param most so many living ones are remembered
     */
    public Row started(UUID execution, int most) {
      List<Instant> rest = pending.subList(1, pending.size());
      if (execution == null) {
        return decided(nextAt, rest);
      }
      List<UUID> all = new ArrayList<>(living);
      all.remove(execution);
      all.add(execution);
      List<UUID> latest = all.subList(Math.max(0, all.size() - most), all.size());
      return new Row(
          id,
          tenant,
          flow,
          version,
          name,
          revision,
          nextAt,
          rest,
          latest,
          pending.getFirst(),
          execution,
          now);
    }

    Row at(int newRevision) {
      return new Row(
          id,
          tenant,
          flow,
          version,
          name,
          newRevision,
          nextAt,
          pending,
          living,
          lastAt,
          lastExecution,
          now);
    }
  }

  /** A schedule as the API shows it. */
  public record Shown(Row row, String cron, String timezone, String overlap, String catchup) {}

  /** From now on the flow has exactly these schedules. */
  static void replace(
      Connection connection, String tenant, String flow, String version, List<Written> schedules)
      throws SQLException {
    List<String> names = schedules.stream().map(Written::name).toList();
    Sql.list(connection, LEAVE, row -> row.getString(1), tenant, flow, names);
    if (schedules.isEmpty()) {
      return;
    }
    Instant now = Sql.first(connection, NOW, row -> Sql.instant(row, "now")).orElseThrow();
    for (Written one : schedules) {
      Instant next = one.next().apply(now);
      Sql.list(
          connection,
          PUT,
          row -> row.getString(1),
          UUID.randomUUID(),
          tenant,
          flow,
          version,
          one.name(),
          one.cron(),
          one.timezone(),
          one.overlap(),
          one.catchup(),
          next,
          next);
    }
  }

  /** The schedules with those ids as they are; those that are gone are left out. */
  public List<Row> look(List<UUID> ids) {
    return Sql.repeatable(
        source,
        "looking at schedules",
        connection ->
            Sql.list(connection, LOOK, ScheduleRows::row, (Object) ids.toArray(UUID[]::new)));
  }

  /**
   * Keeps what has become of a schedule, unless somebody else has kept something since it was read.
   *
   * @param dueAt when somebody must look at it again; null if nobody must
   * @return it at its new revision; null if it is lost
   */
  public Row keep(Row row, Instant dueAt) {
    List<String> pending = row.pending().stream().map(Instant::toString).toList();
    return Sql.repeatable(
            source,
            "keeping a schedule",
            connection ->
                Sql.first(
                    connection,
                    KEEP,
                    kept -> row.at(kept.getInt("revision")),
                    row.nextAt(),
                    pending,
                    row.living().toArray(UUID[]::new),
                    row.lastAt(),
                    row.lastExecution(),
                    dueAt,
                    row.id(),
                    row.revision()))
        .orElse(null);
  }

  /**
   * The schedules of a tenant by flow and name, after those.
   *
   * @param flow null: of all its flows
   */
  public List<Shown> list(
      String tenant, String flow, String afterFlow, String afterName, int limit) {
    return new Tenancy(source)
        .list(
            tenant,
            LIST,
            row ->
                new Shown(
                    row(row),
                    row.getString("cron"),
                    row.getString("timezone"),
                    row.getString("overlap"),
                    row.getString("catchup")),
            tenant,
            flow,
            flow,
            afterFlow,
            afterName,
            limit);
  }

  private static Row row(ResultSet row) throws SQLException {
    List<Instant> pending =
        ((List<?>) Json.readStored(row.getString("pending")))
            .stream().map(at -> OffsetDateTime.parse((String) at).toInstant()).toList();
    List<UUID> living =
        Arrays.stream((Object[]) row.getArray("living").getArray()).map(UUID.class::cast).toList();
    return new Row(
        Sql.uuid(row, "id"),
        row.getString("tenant"),
        row.getString("flow"),
        row.getString("version"),
        row.getString("name"),
        row.getInt("revision"),
        Sql.instant(row, "next_at"),
        pending,
        living,
        Sql.instant(row, "last_at"),
        Sql.uuid(row, "last_execution"),
        Sql.instant(row, "now"));
  }
}
