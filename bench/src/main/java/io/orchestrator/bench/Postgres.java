package io.orchestrator.bench;

import io.orchestrator.local.EmbeddedPostgres;
import io.orchestrator.local.Home;
import io.orchestrator.local.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The server that is measured: the one that the environment names (PGPORT, PGDATABASE, PGUSER,
 * PG_PID), else one of our own in a temporary folder, with fsync on.
 *
 * @param pid of the postmaster, 0 if it is not known
 * @param closes what ends with the run
 */
record Postgres(String port, String database, String user, long pid, Closes closes)
    implements AutoCloseable {

  /** Closes without a checked exception. */
  @FunctionalInterface
  interface Closes {
    void run();
  }

  static Postgres open() throws IOException {
    String port = Settings.text("PGPORT", "");
    if (port.isEmpty()) {
      return embedded();
    }
    long pid = Long.parseLong(Settings.text("PG_PID", "0"));
    return new Postgres(
        port,
        Settings.text("PGDATABASE", "bench_orchestrator"),
        Settings.text("PGUSER", "bench"),
        pid,
        () -> {});
  }

  /** A server of our own. */
  static Postgres embedded() throws IOException {
    Path folder = Files.createTempDirectory("orchestrator-bench-");
    Home home = new Home(folder);
    EmbeddedPostgres server = EmbeddedPostgres.start(home, new Ports(home));
    String url = server.jdbcUrl();
    Closes closes =
        () -> {
          server.close();
          Folders.delete(folder);
        };
    return new Postgres(
        "" + server.port(),
        url.substring(url.lastIndexOf('/') + 1),
        EmbeddedPostgres.SUPERUSER,
        server.pid(),
        closes);
  }

  /** JDBC address of the database that is measured. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /**
   * JDBC address of the database from which the others are looked at, so that looking is not
   * counted.
   */
  String adminUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() {
    closes.run();
  }
}
