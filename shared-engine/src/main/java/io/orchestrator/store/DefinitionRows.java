package io.orchestrator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Definitions under a name, every revision kept. The next revision is an insert, so of two at once
 * one fails by its primary key.
 */
final class DefinitionRows {
  private final String put;
  private final String get;
  private final String list;
  private final Tenancy tenancy;

  /** Definitions in that table. */
  DefinitionRows(DataSource source, String table) {
    this.tenancy = new Tenancy(source);
    this.put =
        """
        insert into %1$s (tenant, name, revision, definition, source, updated_by)
        select ?, ?, ? + 1, ?::json, ?, ?
        where ? = coalesce((select max(revision) from %1$s where tenant = ? and name = ?), 0)
        on conflict do nothing
        returning name, revision, definition, source, updated_at, updated_by
        """
            .formatted(table);
    this.get =
        """
        select name, revision, definition, source, updated_at, updated_by from %s
        where tenant = ? and name = ? and (?::int4 is null or revision = ?::int4)
        order by revision desc limit 1
        """
            .formatted(table);
    this.list =
        """
        select * from (
          select distinct on (name) name, revision, definition, source, updated_at, updated_by from %s
          where tenant = ? and name > ? order by name, revision desc
        ) newest where definition is not null order by name limit ?
        """
            .formatted(table);
  }

  Optional<Definition> put(
      String tenant, String name, int expected, String definition, String source, String by) {
    return tenancy.first(
        tenant,
        put,
        DefinitionRows::read,
        tenant,
        name,
        expected,
        definition,
        source,
        by,
        expected,
        tenant,
        name);
  }

  Optional<Definition> get(String tenant, String name, Integer revision) {
    return tenancy.first(tenant, get, DefinitionRows::read, tenant, name, revision, revision);
  }

  List<Definition> list(String tenant, String after, int limit) {
    return tenancy.list(tenant, list, DefinitionRows::read, tenant, after, limit);
  }

  private static Definition read(ResultSet row) throws SQLException {
    Instant at = Sql.instant(row, "updated_at");
    return new Definition(
        row.getString("name"),
        row.getInt("revision"),
        row.getString("definition"),
        row.getString("source"),
        at,
        row.getString("updated_by"));
  }
}
