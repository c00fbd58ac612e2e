package io.orchestrator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** Circuits of adapters that somebody has opened; each order is told to the audit trail. */
public final class CircuitRows {
  private static final int LISTED_MAX = 1_000;

  // Who opens it again gives another reason; it has been open all the while.
  private static final String FORCE =
      """
      insert into forced_circuits as c (tenant, adapter, reason, forced_by) values (?, ?, ?, ?)
      on conflict (tenant, adapter) do update set reason = excluded.reason, forced_by = excluded.forced_by
      returning adapter, reason, forced_by, since
      """;

  private static final String RELEASE =
      """
      delete from forced_circuits where tenant = ? and adapter = ? returning adapter, reason, forced_by, since
      """;

  private static final String ALL =
      """
      select adapter, reason, forced_by, since from forced_circuits where tenant = ? order by adapter limit ?
      """;

  private final Tenancy tenancy;

  /** Keeps them there; giving orders needs the API's role. */
  public CircuitRows(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** A circuit that is forced open. */
  public record Row(String adapter, String reason, String by, Instant since) {}

  /** Opens the circuit of an adapter until it is released. */
  public Row force(String tenant, String adapter, String reason, String by) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Row row =
              Sql.first(connection, FORCE, CircuitRows::row, tenant, adapter, reason, by)
                  .orElseThrow();
          AuditRows.append(connection, entry(tenant, adapter, by, "FORCED_OPEN", reason));
          return row;
        });
  }

  /**
   * Releases it, and tells so also if it was not forced: what its process or Redis knew of it is
   * forgotten, too.
   *
   * @return what it was; empty if nobody had forced it
   */
  public Optional<Row> release(String tenant, String adapter, String reason, String by) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Optional<Row> row = Sql.first(connection, RELEASE, CircuitRows::row, tenant, adapter);
          AuditRows.append(connection, entry(tenant, adapter, by, "CLOSED", reason));
          return row;
        });
  }

  /** All of a tenant. */
  public List<Row> all(String tenant) {
    return tenancy.list(tenant, ALL, CircuitRows::row, tenant, LISTED_MAX);
  }

  private static AuditEntry entry(
      String tenant, String adapter, String by, String state, String reason) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("state", state);
    details.put("reason", reason);
    return AuditEntry.done(
        tenant, by, Acting.actionOr("circuit.set"), "adapter:" + adapter, details);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("adapter"),
        row.getString("reason"),
        row.getString("forced_by"),
        Sql.instant(row, "since"));
  }
}
