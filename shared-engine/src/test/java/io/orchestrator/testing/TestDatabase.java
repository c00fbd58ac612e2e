package io.orchestrator.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.store.Migrations;
import io.orchestrator.store.Pool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A migrated database of its own on a real PostgreSQL. One server serves all the tests of a
 * process; each database is a clone of a template that was migrated once.
 */
public final class TestDatabase implements AutoCloseable {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final TestPostgres server;
  private final String name;
  private final List<HikariDataSource> pools = new ArrayList<>();

  private TestDatabase(TestPostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  /** The server that all share, started when it is first asked for. */
  private static final class Shared {
    static final TestPostgres SERVER = migrated(TestPostgres.start(false));

    private Shared() {}
  }

  /** A fresh database on the shared server, where fsync is off. */
  public static TestDatabase create() {
    return on(Shared.SERVER);
  }

  /** A fresh database on a server of one's own, which {@link #migrated} has prepared. */
  public static TestDatabase on(TestPostgres server) {
    String name = "test_" + NUMBER.incrementAndGet();
    admin(server, "create database " + name + " template " + TEMPLATE);
    return new TestDatabase(server, name);
  }

  /** Prepares a server: makes the template of its databases. */
  public static TestPostgres migrated(TestPostgres server) {
    admin(server, "create database " + TEMPLATE);
    new Migrations(owner(server, TEMPLATE)).run();
    return server;
  }

  /** Its JDBC address; every role may connect without a password. */
  public String url() {
    return server.url(name);
  }

  /** Its server. */
  public TestPostgres server() {
    return server;
  }

  /** A pool as the engine has it. */
  public HikariDataSource engine() {
    return pool(Migrations.ENGINE_ROLE);
  }

  /** A pool as the API's reads have it. */
  public HikariDataSource api() {
    return pool(Migrations.API_ROLE);
  }

  /** Connections of the owner, who may do everything; a new one each time. */
  public DataSource owner() {
    return owner(server, name);
  }

  /** Executes statements as the owner. */
  public void execute(String sql) {
    try (Connection connection = owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException problem) {
      throw new IllegalStateException(sql, problem);
    }
  }

  /** Closes the pools and drops the database. */
  @Override
  public void close() {
    pools.forEach(HikariDataSource::close);
    admin(server, "drop database if exists " + name + " with (force)");
  }

  private HikariDataSource pool(String role) {
    HikariDataSource pool = Pool.open(new Pool.Settings(url(), role, "", 8, false));
    pools.add(pool);
    return pool;
  }

  private static DataSource owner(TestPostgres server, String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(server.url(database));
    source.setUser("postgres");
    return source;
  }

  private static void admin(TestPostgres server, String sql) {
    try (Connection connection =
            DriverManager.getConnection(server.url("postgres"), "postgres", "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException problem) {
      throw new IllegalStateException(sql, problem);
    }
  }
}
