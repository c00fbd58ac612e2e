package io.orchestrator.functions;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.engine.Settings;
import io.orchestrator.store.Migrations;
import io.orchestrator.store.Pool;
import java.time.Duration;
import java.util.Map;

/** The schema and the passwords of its two roles, as the owner sets them. */
final class Migration {
  private static final int CONNECTIONS_MAX = 3;

  /**
   * Nobody waits for a request here, and a database that has just been started or woken takes its
   * time.
   */
  private static final Duration CONNECTION_WAIT_MAX = Duration.ofSeconds(20);

  private final Map<String, String> environment;

  Migration(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Returns how many migrations were applied. */
  int run() {
    try (Wiring wiring = Wiring.working(environment)) {
      Settings.Database database = wiring.settings().database();
      Pool.Settings owner =
          new Pool.Settings(
              database.url(),
              database.owner().user(),
              wiring.keys().system(database.owner().secret()),
              CONNECTIONS_MAX,
              false);
      try (HikariDataSource source = Pool.open(owner)) {
        source.setConnectionTimeout(CONNECTION_WAIT_MAX.toMillis());
        Migrations migrations = new Migrations(source);
        int applied = migrations.run();
        setPassword(
            migrations, Migrations.ENGINE_ROLE, wiring.keys().system(database.engine().secret()));
        setPassword(migrations, Migrations.API_ROLE, wiring.keys().system(database.api().secret()));
        return applied;
      }
    }
  }

  private static void setPassword(Migrations migrations, String role, String password) {
    if (!password.isEmpty()) {
      migrations.setPassword(role, password);
    }
  }
}
