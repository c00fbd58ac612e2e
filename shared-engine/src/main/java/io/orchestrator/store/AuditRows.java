package io.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Appends to the audit trail: within the transaction of what is told, or on its own. */
public final class AuditRows {
  private static final String APPEND =
      """
      insert into audit (tenant, actor, action, object, outcome, details) values (?, ?, ?, ?, ?, ?::json)
      returning position
      """;

  private final Tenancy tenancy;

  /** Appends there; the role is the API's or the engine's. */
  public AuditRows(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** Tells something that changes no row: a denial, a reveal. Once it returns, it is durable. */
  public void append(AuditEntry entry) {
    tenancy.transaction(
        entry.tenant(),
        connection -> {
          append(connection, entry);
          return null;
        });
  }

  /** Tells it if and when the transaction of this connection commits. */
  static void append(Connection connection, AuditEntry entry) throws SQLException {
    Sql.list(
        connection,
        APPEND,
        row -> row.getLong(1),
        entry.tenant(),
        entry.actor(),
        entry.action(),
        entry.object(),
        entry.outcome().text(),
        entry.detailsText());
  }
}
