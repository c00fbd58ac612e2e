package io.orchestrator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Events in PostgreSQL. */
final class PostgresEvents implements Events {
  private static final String COLUMNS =
      "id, tenant, type, key, data, received_at, deliver_at is not null as open, cause,"
          + " traceparent";

  private static final String PUT =
      """
      insert into buffered_events (id, received_at, expires, deliver_at, tenant, type, key, data, traceparent)
      select ?, c.at, c.at + ? * interval '1 microsecond', c.at + ? * interval '1 microsecond', ?, ?, ?, ?::json, ?
      from (select clock_timestamp() as at) c
      on conflict (id) do nothing
      """;

  private static final String FIND =
      "select %s from buffered_events where id = ?".formatted(COLUMNS);

  private static final String SINCE =
      """
      select %s from buffered_events
      where tenant = ? and type = ? and (?::text is null or key = ?::text) and received_at >= ?
      order by received_at, id limit ?
      """
          .formatted(COLUMNS);

  private static final String WAITING =
      """
      select token_hash, execution, step from waits
      where kind = 'event' and closed_at is null and tenant = ? and type = ? and (key = ? or key is null) and token_hash > ?
      order by token_hash limit ?
      """;

  private static final String DELIVERED =
      "update buffered_events set deliver_at = null where id = ? and deliver_at is not null";

  private static final String DROP = "delete from buffered_events where id = ?";

  private static final String FORBID =
      """
      insert into idempotency_keys (tenant, source, key, execution, expires, request_hash)
      values (?, ?, ?, ?, clock_timestamp() + ? * interval '1 microsecond', ''::bytea)
      on conflict (tenant, source, key) do nothing
      """;

  private static final String USED =
      "select execution from idempotency_keys where tenant = ? and source = ? and key = ?";

  private static final String APPROVAL =
      """
      select approval, tenant, execution, step, about, opened_at, closed_at from waits
      where approval = ? and kind = 'approval'
      """;

  private static final UUID NOBODY = new UUID(0, 0);

  private final DataSource source;

  PostgresEvents(DataSource source) {
    this.source = source;
  }

  @Override
  public Kept put(
      UUID id, String tenant, String type, String key, String data, String traceparent) {
    Object[] event = {id, KEPT, DELIVERY_GRACE, tenant, type, key, data, traceparent};
    Acting acting = Acting.now();
    if (acting == null) {
      change("keeping an event", PUT, event);
    } else {
      told(acting, id, tenant, type, event);
    }
    return find(id).orElseThrow(() -> new StoreException("the event " + id + " is gone", null));
  }

  /** Keeps it, if it is new, and tells the audit trail who sent it. */
  private void told(Acting acting, UUID id, String tenant, String type, Object... event) {
    Sql.repeatable(
        source,
        "keeping an event",
        connection -> {
          connection.setAutoCommit(false);
          if (Sql.first(connection, PUT + " returning id", row -> row, event).isPresent()) {
            AuditRows.append(
                connection,
                AuditEntry.done(
                    tenant, acting.actor(), acting.action(), "event:" + id, Map.of("type", type)));
          }
          connection.commit();
          return null;
        });
  }

  @Override
  public Optional<Kept> find(UUID id) {
    return list("finding an event", FIND, PostgresEvents::kept, id).stream().findFirst();
  }

  @Override
  public List<Kept> since(String tenant, String type, String key, Instant since, int limit) {
    return list(
        "looking for events", SINCE, PostgresEvents::kept, tenant, type, key, key, since, limit);
  }

  @Override
  public List<Waiting> waiting(String tenant, String type, String key, byte[] after, int limit) {
    return list(
        "looking for waits",
        WAITING,
        row ->
            new Waiting(
                row.getBytes("token_hash"), Sql.uuid(row, "execution"), row.getString("step")),
        tenant,
        type,
        key,
        after,
        limit);
  }

  @Override
  public void delivered(UUID id) {
    change("marking an event", DELIVERED, id);
  }

  @Override
  public void drop(UUID id) {
    change("dropping an event", DROP, id);
  }

  @Override
  public Optional<UUID> forbid(String tenant, String source, String key, Duration keep) {
    change("forbidding a start", FORBID, tenant, source, key, NOBODY, keep);
    return list("reading a key", USED, row -> Sql.uuid(row, "execution"), tenant, source, key)
        .stream()
        .findFirst()
        .filter(execution -> !execution.equals(NOBODY));
  }

  @Override
  public Optional<Approval> approval(UUID id) {
    return list("finding an approval", APPROVAL, PostgresEvents::approval, id).stream().findFirst();
  }

  static Approval approval(ResultSet row) throws SQLException {
    return new Approval(
        Sql.uuid(row, "approval"),
        row.getString("tenant"),
        Sql.uuid(row, "execution"),
        row.getString("step"),
        row.getString("about"),
        Sql.instant(row, "opened_at"),
        Sql.instant(row, "closed_at"));
  }

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        Sql.uuid(row, "id"),
        row.getString("tenant"),
        row.getString("type"),
        row.getString("key"),
        row.getString("data"),
        Sql.instant(row, "received_at"),
        row.getBoolean("open"),
        Sql.uuid(row, "cause"),
        row.getString("traceparent"));
  }

  private <T> List<T> list(String what, String sql, Sql.Mapper<T> mapper, Object... parameters) {
    return Sql.repeatable(
        source, what, connection -> Sql.list(connection, sql, mapper, parameters));
  }

  private void change(String what, String sql, Object... parameters) {
    Sql.repeatable(
        source,
        what,
        connection -> {
          try (var statement = connection.prepareStatement(sql)) {
            Sql.bind(connection, statement, parameters);
            return statement.executeUpdate();
          }
        });
  }
}
