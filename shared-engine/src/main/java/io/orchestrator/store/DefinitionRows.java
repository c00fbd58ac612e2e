package io.orchestrator.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Definitions of the tenants under a name, every revision kept. The next revision is an insert, so
 * of two at once one fails by its primary key.
 */
public final class DefinitionRows {
  private static final String ADAPTER = "adapter";

  private final String put;
  private final String get;
  private final String list;
  private final String revisions;
  private final String noun;
  private final Tenancy tenancy;

  /** Adapters; the role is the API's or the engine's. */
  public static DefinitionRows adapters(DataSource source) {
    return new DefinitionRows(source, "adapters", ADAPTER);
  }

  /** Steps of the library; the role is the API's or the engine's. */
  public static DefinitionRows steps(DataSource source) {
    return new DefinitionRows(source, "steps", "step");
  }

  /** Templates of flows; the role is the API's or the engine's. */
  public static DefinitionRows templates(DataSource source) {
    return new DefinitionRows(source, "templates", "template");
  }

  private DefinitionRows(DataSource source, String table, String noun) {
    this.noun = noun;
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
    this.revisions =
        """
        select name, revision, definition, source, updated_at, updated_by from %s
        where tenant = ? and name = ? and revision < ? order by revision desc limit ?
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

  /** Revisions of one below a number, the newest first. */
  public List<Definition> revisions(String tenant, String name, int below, int limit) {
    return tenancy.list(tenant, revisions, DefinitionRows::read, tenant, name, below, limit);
  }

  /**
   * Adds the next revision.
   *
   * @param expected the revision it follows, a deleted one too; 0 if the name is new
   * @return the new one; empty if the expected one is not the newest any more
   */
  public Optional<Definition> put(
      String tenant, String name, int expected, String definition, String source, String by) {
    return put(tenant, name, expected, definition, source, by, null);
  }

  /**
   * The same of an adapter, whose service is looked after from now on.
   *
   * @param healthEvery from one check to the next; null: nobody looks after it
   */
  public Optional<Definition> put(
      String tenant,
      String name,
      int expected,
      String definition,
      String source,
      String by,
      Duration healthEvery) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Optional<Definition> made =
              Sql.first(
                  connection,
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
          if (made.isPresent()) {
            AuditRows.append(connection, entry(tenant, by, made.get()));
            lookAfter(connection, tenant, name, healthEvery);
          }
          return made;
        });
  }

  private void lookAfter(Connection connection, String tenant, String name, Duration healthEvery)
      throws SQLException {
    if (noun.equals(ADAPTER)) {
      HealthRows.schedule(connection, tenant, name, healthEvery);
    }
  }

  private AuditEntry entry(String tenant, String by, Definition made) {
    String action = Acting.actionOr(noun + (made.isDeleted() ? ".delete" : ".put"));
    return AuditEntry.done(
        tenant, by, action, noun + ":" + made.name(), Map.of("revision", (long) made.revision()));
  }

  /**
   * Ends it by a revision without a definition. Empty if the expected one is not the newest any
   * more.
   */
  public Optional<Definition> delete(String tenant, String name, int expected, String by) {
    return put(tenant, name, expected, null, null, by);
  }

  /** The newest revision, which may be a deleted one. */
  public Optional<Definition> get(String tenant, String name) {
    return read(tenant, name, null);
  }

  /** A certain revision. */
  public Optional<Definition> get(String tenant, String name, int revision) {
    return read(tenant, name, revision);
  }

  private Optional<Definition> read(String tenant, String name, Integer revision) {
    return tenancy.first(tenant, get, DefinitionRows::read, tenant, name, revision, revision);
  }

  /**
   * The newest revisions of those that are not deleted, by name, from the one after {@code after}
   * (empty: from the first).
   */
  public List<Definition> list(String tenant, String after, int limit) {
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
