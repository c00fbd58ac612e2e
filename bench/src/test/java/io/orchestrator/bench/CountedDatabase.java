package io.orchestrator.bench;

import io.orchestrator.store.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of its own on a real server, whose counters are exact: no full-page images (they
 * depend on when checkpoints happen, not on what is written), no vacuum, no checkpoint during a
 * run, and counters are read when their backends have ended.
 */
final class CountedDatabase implements AutoCloseable {
  private static final long BACKENDS_END_MAX_SECONDS = 30;

  private final Postgres postgres;
  private final Connection admin;

  CountedDatabase(Postgres server, String name) throws SQLException {
    this.postgres = new Postgres(server.port(), name, server.user(), server.pid(), () -> {});
    this.admin = DriverManager.getConnection(postgres.adminUrl(), postgres.user(), "");
    execute("create database " + name);
    PGSimpleDataSource owner = new PGSimpleDataSource();
    owner.setUrl(postgres.url());
    owner.setUser(postgres.user());
    new Migrations(owner).run();
  }

  /** Makes a server fit for counting. */
  static void prepare(Postgres server) throws SQLException {
    try (Connection admin = DriverManager.getConnection(server.adminUrl(), server.user(), "");
        Statement statement = admin.createStatement()) {
      statement.execute("alter system set full_page_writes = off");
      statement.execute("alter system set autovacuum = off");
      statement.execute("alter system set checkpoint_timeout = '1h'");
      statement.execute("select pg_reload_conf()");
      statement.execute("checkpoint");
    }
  }

  Postgres postgres() {
    return postgres;
  }

  /**
   * Committed transactions so far; waits until those who made them have gone, since they publish
   * their counts then.
   */
  double commits() throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BACKENDS_END_MAX_SECONDS);
    while (number(
            "select count(*) from pg_stat_activity where datname = '" + postgres.database() + "'")
        > 0) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("somebody is still connected to " + postgres.database());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return number(
        "select xact_commit from pg_stat_database where datname = '" + postgres.database() + "'");
  }

  /**
   * Transactions so far as the running backends have published them, which they do at most a second
   * late.
   */
  double transactionsPublished() throws SQLException {
    return number(
        "select xact_commit + xact_rollback from pg_stat_database where datname = '"
            + postgres.database()
            + "'");
  }

  /** Where the log ends, in bytes. */
  double walBytes() throws SQLException {
    return number("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
  }

  /** The share of updates of head rows that wrote no index entry; read when everybody has gone. */
  double hotShare() throws SQLException {
    try (Connection own = DriverManager.getConnection(postgres.url(), postgres.user(), "");
        Statement statement = own.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select sum(n_tup_hot_upd)::float8 / sum(n_tup_upd), sum(n_tup_upd) from pg_stat_all_tables
                where schemaname = 'public' and relid in (select relid from pg_partition_tree('executions'))
                """)) {
      row.next();
      return row.getDouble(2) == 0 ? 0 : row.getDouble(1);
    }
  }

  private double number(String sql) throws SQLException {
    try (Statement statement = admin.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = admin.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    execute("drop database if exists " + postgres.database() + " with (force)");
    admin.close();
  }
}
