package io.orchestrator.functions;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A pool that is opened at first use, and again after it was closed for a snapshot of the process.
 */
final class Connections implements DataSource, AutoCloseable {
  private final Supplier<HikariDataSource> opens;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile HikariDataSource pool;

  Connections(Supplier<HikariDataSource> opens) {
    this.opens = opens;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return pool().getConnection();
  }

  private HikariDataSource pool() {
    HikariDataSource open = pool;
    if (open != null) {
      return open;
    }
    opening.lock();
    try {
      if (pool == null) {
        pool = opens.get();
      }
      return pool;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      if (pool != null) {
        pool.close();
        pool = null;
      }
    } finally {
      opening.unlock();
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the pool has one user");
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("the pool logs by slf4j");
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("the pool has its own limits");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("the pool logs by slf4j");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return pool().unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return pool().isWrapperFor(type);
  }
}
