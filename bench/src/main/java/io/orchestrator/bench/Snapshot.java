package io.orchestrator.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Counters of the database and the processes at one moment. */
record Snapshot(
    double commits,
    double rollbacks,
    double rowsWritten,
    double walBytes,
    double walSyncs,
    double driverCpu,
    double serverCpu,
    double postgresCpu,
    long nanos) {

  /** The transactions that the harness itself makes in that database are not counted. */
  static Snapshot take(Connection admin, Settings settings, Subject subject) throws SQLException {
    double[] database =
        row(
            admin,
            "select xact_commit, xact_rollback, tup_inserted + tup_updated + tup_deleted from"
                + " pg_stat_database where datname = '"
                + settings.postgres().database()
                + "'",
            3);
    double wal = row(admin, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')", 1)[0];
    return new Snapshot(
        database[0] - subject.harnessTransactions(),
        database[1],
        database[2],
        wal,
        walSyncs(admin),
        Processes.ownCpu(),
        subject.serverPids().mapToDouble(Processes::treeCpu).sum(),
        Processes.treeCpu(settings.postgres().pid()),
        System.nanoTime());
  }

  /** PostgreSQL 18 counts them in pg_stat_io, earlier versions in pg_stat_wal. */
  private static double walSyncs(Connection admin) throws SQLException {
    String sql =
        admin.getMetaData().getDatabaseMajorVersion() >= 18
            ? "select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal'"
            : "select wal_sync from pg_stat_wal";
    return row(admin, sql, 1)[0];
  }

  private static double[] row(Connection admin, String sql, int columns) throws SQLException {
    double[] values = new double[columns];
    try (Statement statement = admin.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (rows.next()) {
        for (int i = 0; i < columns; i++) {
          values[i] = rows.getDouble(i + 1);
        }
      }
    }
    return values;
  }

  Snapshot since(Snapshot before) {
    return new Snapshot(
        commits - before.commits,
        rollbacks - before.rollbacks,
        rowsWritten - before.rowsWritten,
        walBytes - before.walBytes,
        walSyncs - before.walSyncs,
        driverCpu - before.driverCpu,
        serverCpu - before.serverCpu,
        postgresCpu - before.postgresCpu,
        nanos - before.nanos);
  }

  double seconds() {
    return nanos / 1e9;
  }

  double cpu() {
    return driverCpu + serverCpu + postgresCpu;
  }
}
