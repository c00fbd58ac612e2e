package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.testing.CuttingProxy;
import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are cut at the worst moments. */
class PoolTest {
  private static TestDatabase database;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void a_pool_heals_whose_very_first_connection_is_cut_after_so_many_answers(int answers)
      throws SQLException {
    int port = database.server().port();
    try (CuttingProxy proxy = new CuttingProxy(port);
        HikariDataSource pool = pool(proxy, port)) {
      proxy.swallowAfter(answers);
      isolation(pool);
      isolation(pool);
      assertThat(proxy.swallowed()).as("answers swallowed").isEqualTo(1);
      assertThat(isolation(pool)).contains("read committed");
    }
  }

  @Test
  void settings_never_show_the_password() {
    assertThat(new Pool.Settings("jdbc:x", "engine", "hunter2", 3, true).toString())
        .isEqualTo("Settings[url=jdbc:x, user=engine, connectionsMax=3, proxied=true]");
  }

  private static HikariDataSource pool(CuttingProxy proxy, int port) {
    String url = database.url().replace(":" + port + "/", ":" + proxy.port() + "/");
    return Pool.open(new Pool.Settings(url, Migrations.ENGINE_ROLE, "", 2, false));
  }

  /** What the database says of a transaction; empty if it was cut before it could. */
  private static Optional<String> isolation(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("show transaction_isolation")) {
      rows.next();
      return Optional.of(rows.getString(1));
    } catch (SQLException cut) {
      assertThat(cut.getMessage()).doesNotContain("TransactionIsolation");
      return Optional.empty();
    }
  }
}
