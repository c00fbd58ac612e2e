package io.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;

/** Brings a database to the schema of this version. Safe to repeat, and to run twice at once. */
public final class Migrations {
  /** The role that commits transitions, for all tenants. */
  public static final String ENGINE_ROLE = "orchestrator_engine";

  /** The role of the API's own reads, under row-level security. */
  public static final String API_ROLE = "orchestrator_api";

  private final DataSource owner;

  /**
   * Migrates by the role that owns the tables, over a direct connection: a proxy would lose the
   * session's lock.
   */
  public Migrations(DataSource owner) {
    this.owner = owner;
  }

  /** Applies what is missing and makes the partitions. Returns how many migrations were applied. */
  public int run() {
    int applied =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(owner)
            .locations("classpath:db/migration")
            .baselineOnMigrate(false)
            .load()
            .migrate()
            .migrationsExecuted;
    try (Connection connection = owner.getConnection()) {
      Sql.list(connection, "select make_partitions()", row -> row.getInt(1));
      Sql.list(connection, "select settle_audit(), settle_summary()", row -> row);
    } catch (SQLException problem) {
      throw new StoreException("preparing the tables failed: " + problem.getMessage(), problem);
    }
    return applied;
  }

  /** Sets the password of one of the two roles. It leaves this process only as a SCRAM verifier. */
  public void setPassword(String role, String password) {
    if (!role.equals(ENGINE_ROLE) && !role.equals(API_ROLE)) {
      throw new IllegalArgumentException("not a role of the orchestrator: " + role);
    }
    try (Connection connection = owner.getConnection()) {
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(role, password.toCharArray(), "scram-sha-256");
    } catch (SQLException problem) {
      throw new StoreException(
          "setting the password of " + role + " failed: " + problem.getMessage(), problem);
    }
  }
}
