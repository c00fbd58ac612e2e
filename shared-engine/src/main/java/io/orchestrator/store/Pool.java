package io.orchestrator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Connections to PostgreSQL that heal by themselves when it restarts. */
public final class Pool {
  /**
   * Where the database is.
   *
   * @param url JDBC
   * @param password empty if there is none
   * @param connectionsMax at once
   * @param proxied whether a proxy stands between that gives a connection to another client after
   *     each transaction, so that no statement can be prepared in it
   */
  public record Settings(
      String url, String user, String password, int connectionsMax, boolean proxied) {
    @Override
    public String toString() {
      return "Settings[url="
          + url
          + ", user="
          + user
          + ", connectionsMax="
          + connectionsMax
          + ", proxied="
          + proxied
          + "]";
    }
  }

  static {
    // A connection that was used a moment ago is lent untried: each trial is a transaction, and one
    // that has died meanwhile fails its work, which is tried again.
    System.setProperty(
        "com.zaxxer.hikari.aliveBypassWindowMs", Long.toString(Limits.TRUSTED.toMillis()));
  }

  private Pool() {}

  /** A pool that connects when it is first used, so it may be made while the database is away. */
  public static HikariDataSource open(Settings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres-" + settings.user());
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connectionsMax());
    config.setMinimumIdle(0);
    config.setIdleTimeout(60_000);
    // A connection is tried before it is lent and closed after a minute without use: keeping it
    // awake would only cost transactions.
    config.setKeepaliveTime(0);
    config.setMaxLifetime(600_000);
    config.setConnectionTimeout(Limits.CONNECTION_WAIT_MAX.toMillis());
    config.setValidationTimeout(500);
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(true);
    // Said, although it is the default: if the very first connection is cut while the pool asks for
    // the default, it takes -1 for it, and no connection can be opened any more.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.addDataSourceProperty("prepareThreshold", settings.proxied() ? 0 : 1);
    config.addDataSourceProperty("connectTimeout", 2);
    config.addDataSourceProperty("loginTimeout", 3);
    config.addDataSourceProperty("socketTimeout", Limits.SOCKET_SILENCE_MAX.toSeconds());
    config.addDataSourceProperty("tcpKeepAlive", true);
    config.addDataSourceProperty("reWriteBatchedInserts", false);
    config.addDataSourceProperty("ApplicationName", "orchestrator");
    return new HikariDataSource(config);
  }
}
