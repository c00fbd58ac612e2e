package io.orchestrator.store;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract in PostgreSQL. */
class PostgresExecutionStoreTest extends ExecutionStoreContract {
  private static TestDatabase database;
  private static ExecutionStore store;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
    store = new PostgresExecutionStore(database.engine());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Override
  ExecutionStore store() {
    return store;
  }

  @Override
  void pass(Duration time) {
    // The clock is the database's, so it is the database that lets the time go by.
    try (Connection connection = database.owner().getConnection()) {
      Sql.list(connection, "select pg_sleep(? / 1e6)", _ -> 0, time);
    } catch (SQLException problem) {
      throw new IllegalStateException(problem);
    }
  }
}
