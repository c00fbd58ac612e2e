package io.orchestrator.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Learns from the database which executions have ended, since only what is committed is complete.
 * It looks for the oldest ones that are open, every 20 ms; when few are open, every 4 ms, so that
 * latencies are not those of looking. Without any it rests.
 */
final class Completions implements AutoCloseable {
  private static final int LOOKED_FOR_MAX = 300;
  private static final int FEW = 30;
  private static final long PAUSE_NANOS = 20_000_000;
  private static final long PAUSE_OF_FEW_NANOS = 4_000_000;
  private static final String ENDED =
      """
      select id from executions where id = any(?) and id between ? and ? and ended_at is not null
      """;

  private final Probe probe;
  private final Connection connection;
  private final ConcurrentSkipListMap<String, String> open = new ConcurrentSkipListMap<>();
  private final AtomicLong looks = new AtomicLong();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("completions").unstarted(this::watch);
  private volatile boolean closed;

  Completions(Postgres postgres, Probe probe) throws SQLException {
    this.probe = probe;
    this.connection = DriverManager.getConnection(postgres.url(), postgres.user(), "");
    thread.start();
  }

  /** Watches for the end of an execution; ids of the product are in order of time. */
  void expect(String execution, String id) {
    open.put(execution, id);
  }

  /** The transactions that this has made. */
  long looks() {
    return looks.get();
  }

  private void watch() {
    try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
      while (!closed) {
        List<String> oldest = oldest();
        LockSupport.parkNanos(oldest.size() < FEW ? PAUSE_OF_FEW_NANOS : PAUSE_NANOS);
        if (!oldest.isEmpty()) {
          look(statement, oldest);
        }
      }
    } catch (SQLException e) {
      System.err.println("Completions are not seen any more: " + e);
    }
  }

  private List<String> oldest() {
    List<String> oldest = new ArrayList<>();
    for (Map.Entry<String, String> entry : open.entrySet()) {
      oldest.add(entry.getKey());
      if (oldest.size() == LOOKED_FOR_MAX) {
        break;
      }
    }
    return oldest;
  }

  private void look(PreparedStatement statement, List<String> executions) throws SQLException {
    statement.setArray(1, connection.createArrayOf("uuid", executions.toArray()));
    statement.setObject(2, UUID.fromString(executions.getFirst()));
    statement.setObject(3, UUID.fromString(executions.getLast()));
    looks.incrementAndGet();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        probe.done(open.remove(rows.getString(1)));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(1_000);
      connection.close();
    } catch (SQLException e) {
      System.err.println("A connection was not closed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
