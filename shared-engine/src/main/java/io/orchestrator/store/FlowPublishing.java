package io.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Creates and publishes flows. The flow, its version, the webhook paths that it takes and the key
 * of the request that asked for it are one transaction.
 */
public final class FlowPublishing {
  private static final String CREATE =
      """
      with made as (
        insert into flows (tenant, flow, revision, title, description, category, tags, owner, words, latest, stable, draft, updated_by)
        values (?, ?, 1, ?, ?, ?, ?, ?, array_to_tsvector(?::text[]), ?::text, ?::text, ?, ?)
        on conflict do nothing
        returning *
      ), version as (
        insert into flow_versions (tenant, flow, version, ordinal, hash, source, format, plan, published_by)
        select tenant, flow, latest, 1, ?::text, ?::text, ?::text, ?::json, updated_by from made where latest is not null
      ), listening as (
        insert into listeners (tenant, topic, flow, version)
        select m.tenant, t.topic, m.flow, m.latest from made m cross join unnest(?::text[]) as t (topic) where m.latest is not null
      )
      select %s from made
      """
          .formatted(FlowRows.COLUMNS);

  private static final String PUBLISH =
      """
      with moved as (
        update flows
        set revision = revision + 1, title = ?, description = ?, category = ?, tags = ?, owner = ?,
          words = array_to_tsvector(?::text[]), latest = ?, previous = case when ? and stable is distinct from ? then stable else previous end,
          stable = case when ? then ? else stable end, draft = null, retired_at = null, updated_at = clock_timestamp(), updated_by = ?
        where tenant = ? and flow = ? and (? = -1 or revision = ?)
        returning *
      ), version as (
        insert into flow_versions (tenant, flow, version, ordinal, hash, source, format, plan, published_by)
        select m.tenant, m.flow, m.latest,
          1 + coalesce((select max(v.ordinal) from flow_versions v where v.tenant = m.tenant and v.flow = m.flow), 0),
          ?, ?, ?, ?::json, m.updated_by
        from moved m
      ), listening as (
        insert into listeners (tenant, topic, flow, version)
        select m.tenant, t.topic, m.flow, m.latest from moved m cross join unnest(?::text[]) as t (topic)
      )
      select %s from moved
      """
          .formatted(FlowRows.COLUMNS);

  private static final String LEAVE_PATHS =
      "delete from webhook_paths where tenant = ? and flow = ? and path <> all (?) returning path";

  // In order, so that two publications with the same paths never wait for each other in a circle.
  private static final String TAKE_PATHS =
      """
      insert into webhook_paths as w (tenant, path, flow)
      select ?, p, ? from unnest(?) as p order by p
      on conflict (tenant, path) do update set flow = excluded.flow where w.flow = excluded.flow
      returning path
      """;

  private static final String PATH_OF =
      "select path, flow from webhook_paths where tenant = ? and path = any (?) and flow <> ? order"
          + " by path limit 1";

  private static final String TAKE_KEY =
      """
      insert into idempotency_keys as k (tenant, source, key, answer, expires, request_hash)
      values (?, ?, ?, 'null', clock_timestamp() + ? * interval '1 microsecond', ?)
      on conflict (tenant, source, key) do update
        set execution = null, answer = excluded.answer, expires = excluded.expires, request_hash = excluded.request_hash
        where k.expires <= clock_timestamp()
      returning key
      """;

  private static final String KEY =
      "select request_hash = ? as same, answer from idempotency_keys where tenant = ? and source ="
          + " ? and key = ?";

  private static final String ANSWER =
      """
      update idempotency_keys set answer = ?::json where tenant = ? and source = ? and key = ? returning key
      """;

  private final Tenancy tenancy;

  FlowPublishing(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /**
   * Makes a request happen once.
   *
   * @param answer what the request is answered with once the flow is made, as JSON
   */
  public record Once(Commit.IdempotencyKey key, Function<FlowRow, String> answer) {}

  /**
   * A version on its way.
   *
   * @param paths the webhook paths at which it listens
   * @param activate whether starts take it at once; only then it takes its paths and schedules
   */
  public record Next(
      FlowRow.Meta meta,
      FlowRow.Version version,
      List<String> paths,
      boolean activate,
      List<ScheduleRows.Written> schedules) {
    public Next {
      paths = List.copyOf(paths);
      schedules = List.copyOf(schedules);
    }

    /** Without schedules. */
    public Next(FlowRow.Meta meta, FlowRow.Version version, List<String> paths, boolean activate) {
      this(meta, version, paths, activate, List.of());
    }
  }

  /** Makes a new flow with its first version; {@code once} may be null. */
  public FlowWrite create(String tenant, String flow, Next first, Once once) {
    FlowRow.Version version = first.version();
    return once(
        tenant,
        once,
        connection -> made(connection, tenant, flow, first.meta(), version, first.activate(), null),
        connection -> obstacle(connection, tenant, flow, first));
  }

  /** Makes a new flow that has only a draft. */
  public FlowWrite createDraft(
      String tenant, String flow, FlowRow.Meta meta, String draft, String by, Once once) {
    FlowRow.Version none = FlowRow.Version.of(null, null, null, null, null, by);
    return once(
        tenant,
        once,
        connection -> made(connection, tenant, flow, meta, none, false, draft),
        connection -> null);
  }

  /**
   * Publishes the next version; a draft is gone then, and a retired flow is back.
   *
   * @param expected the flow's revision, or {@link FlowRows#ANY}
   * @throws StoreException if it has that version already
   */
  public FlowWrite publish(String tenant, String flow, int expected, Next next) {
    return once(
        tenant,
        null,
        connection -> moved(connection, tenant, flow, expected, next),
        connection -> obstacle(connection, tenant, flow, next));
  }

  private static Optional<FlowRow> made(
      Connection connection,
      String tenant,
      String flow,
      FlowRow.Meta meta,
      FlowRow.Version first,
      boolean activate,
      String draft)
      throws SQLException {
    return Sql.first(
        connection,
        CREATE,
        FlowRows::flow,
        tenant,
        flow,
        meta.title(),
        meta.description(),
        meta.category(),
        meta.tags(),
        meta.owner(),
        SearchWords.of(flow, meta),
        first.version(),
        activate ? first.version() : null,
        draft,
        first.publishedBy(),
        first.hash(),
        first.source(),
        first.format(),
        first.plan(),
        first.listens());
  }

  private static Optional<FlowRow> moved(
      Connection connection, String tenant, String flow, int expected, Next next)
      throws SQLException {
    FlowRow.Meta meta = next.meta();
    FlowRow.Version version = next.version();
    return Sql.first(
        connection,
        PUBLISH,
        FlowRows::flow,
        meta.title(),
        meta.description(),
        meta.category(),
        meta.tags(),
        meta.owner(),
        SearchWords.of(flow, meta),
        version.version(),
        next.activate(),
        version.version(),
        next.activate(),
        version.version(),
        version.publishedBy(),
        tenant,
        flow,
        expected,
        expected,
        version.hash(),
        version.source(),
        version.format(),
        version.plan(),
        version.listens());
  }

  /** What keeps the version that has just been written from staying, or null. */
  private static FlowWrite obstacle(Connection connection, String tenant, String flow, Next next)
      throws SQLException {
    List<String> retired = FlowUses.lockUsed(connection, tenant, flow, next.version().version());
    if (!retired.isEmpty()) {
      return new FlowWrite.UsesRetired(retired.getFirst());
    }
    if (!next.activate()) {
      return null;
    }
    ScheduleRows.replace(connection, tenant, flow, next.version().version(), next.schedules());
    return taken(connection, tenant, flow, next.paths());
  }

  /** Takes exactly these paths for the flow; what stands in the way, or null. */
  static FlowWrite.PathTaken taken(
      Connection connection, String tenant, String flow, List<String> paths) throws SQLException {
    Sql.list(connection, LEAVE_PATHS, row -> row.getString(1), tenant, flow, paths);
    List<String> got =
        Sql.list(connection, TAKE_PATHS, row -> row.getString(1), tenant, flow, paths);
    return got.size() == paths.size()
        ? null
        : Sql.first(
                connection,
                PATH_OF,
                row -> new FlowWrite.PathTaken(row.getString(1), row.getString(2)),
                tenant,
                paths,
                flow)
            .orElseThrow();
  }

  private FlowWrite once(
      String tenant, Once once, Sql.Work<Optional<FlowRow>> write, Sql.Work<FlowWrite> obstacle) {
    return tenancy.transaction(
        tenant,
        connection -> {
          FlowWrite before = once == null ? null : takeKey(connection, tenant, once.key());
          if (before != null) {
            return before;
          }
          Optional<FlowRow> flow = write.on(connection);
          FlowWrite inTheWay = flow.isEmpty() ? new FlowWrite.Refused() : obstacle.on(connection);
          if (inTheWay != null) {
            connection.rollback();
            return inTheWay;
          }
          FlowRow made = flow.get();
          String action = made.draft() == null ? "flow.publish" : "flow.draft";
          AuditRows.append(connection, FlowRows.entry(tenant, action, made.updatedBy(), made));
          if (once != null) {
            String answer = once.answer().apply(flow.get());
            Commit.IdempotencyKey key = once.key();
            Sql.list(
                connection,
                ANSWER,
                row -> row.getString(1),
                answer,
                tenant,
                key.source(),
                key.key());
          }
          return new FlowWrite.Made(flow.get());
        });
  }

  /** What the key stands for already; null if it is ours. Waits for whoever uses it right now. */
  private static FlowWrite takeKey(Connection connection, String tenant, Commit.IdempotencyKey key)
      throws SQLException {
    boolean ours =
        Sql.first(
                connection,
                TAKE_KEY,
                row -> row.getString(1),
                tenant,
                key.source(),
                key.key(),
                key.keep(),
                key.requestHash())
            .isPresent();
    return ours
        ? null
        : Sql.first(
                connection,
                KEY,
                row ->
                    row.getBoolean("same")
                        ? new FlowWrite.Repeated(row.getString("answer"))
                        : new FlowWrite.KeyReused(),
                key.requestHash(),
                tenant,
                key.source(),
                key.key())
            .orElseThrow();
  }
}
