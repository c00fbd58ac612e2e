package io.orchestrator.store;

import io.orchestrator.expression.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * One line of the audit trail as it is stored.
 *
 * @param position of the transaction that wrote it
 * @param details as the very text that was stored; null if there are none
 */
public record AuditLine(
    UUID id,
    long position,
    Instant at,
    String tenant,
    String actor,
    String action,
    String object,
    String outcome,
    String details) {
  static final String COLUMNS =
      "id, position, at, tenant, actor, action, object, outcome, details::text as details";

  static AuditLine of(ResultSet row) throws SQLException {
    return new AuditLine(
        Sql.uuid(row, "id"),
        row.getLong("position"),
        Sql.instant(row, "at"),
        row.getString("tenant"),
        row.getString("actor"),
        row.getString("action"),
        row.getString("object"),
        row.getString("outcome"),
        row.getString("details"));
  }

  /** What its digest is made of: a JSON array of everything, so that no two lines give the same. */
  String canonical() {
    return Json.canonical(
        Arrays.asList(
            id.toString(),
            position,
            Sql.micros(at),
            tenant,
            actor,
            action,
            object,
            outcome,
            details));
  }
}
