package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.store.Migrations;
import io.orchestrator.store.Pool;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.CuttingProxy;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.World;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What items cost that each wait for somebody: ten times the items, ten times the cost. */
class PausingItemsCostTest {
  @RegisterExtension static final FoldsBack FOLDS_BACK = new FoldsBack();

  private static final int FEW = 80;
  private static final double RATIO_MAX = 11;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  /** Bytes between engine and database, and nanoseconds of CPU of whoever brings the answers. */
  private record Cost(long bytes, long nanos) {}

  private static HikariDataSource through(CuttingProxy proxy) {
    TestDatabase database = FOLDS_BACK.database();
    String url = database.url().replace(":" + database.server().port(), ":" + proxy.port());
    return Pool.open(new Pool.Settings(url, Migrations.ENGINE_ROLE, "", 4, false));
  }

  private static Cost run(World world, CuttingProxy proxy, int items) {
    UUID id = world.start("each", Map.of("items", (long) items));
    await().pollDelay(Duration.ZERO).until(() -> world.status(id).equals("waiting"));
    long bytes = proxy.bytes();
    long nanos = CPU.getCurrentThreadCpuTime();
    for (int i = 0; i < items; i++) {
      CallbackOutcome outcome =
          world.engine().callback(world.token(id, "each[" + i + "]/x"), (long) i, null);
      assertThat(outcome).isEqualTo(CallbackOutcome.ACCEPTED);
    }
    Cost cost = new Cost(proxy.bytes() - bytes, CPU.getCurrentThreadCpuTime() - nanos);
    assertThat(world.status(id)).isEqualTo("completed");
    return cost;
  }

  @Test
  void ten_times_the_items_that_wait_cost_ten_times_the_bytes_and_the_time() {
    try (CuttingProxy proxy = new CuttingProxy(FOLDS_BACK.database().server().port());
        HikariDataSource source = through(proxy);
        World world = new World(new PostgresExecutionStore(source))) {
      world.publish(
          """
          flow: each
          steps:
            - each:
                foreach: range(0, $input.items)
                do:
                  - x: {await: {callback: true}}
          """);
      run(world, proxy, 10 * FEW); // what is measured then is compiled
      long nanos = 0;
      long bytesOfFew = 0;
      Cost many = null;
      for (int i = 0; i < 10; i++) { // half of them before the many, half after
        many = i == 5 ? run(world, proxy, 10 * FEW) : many;
        Cost few = run(world, proxy, FEW);
        nanos += few.nanos();
        bytesOfFew += few.bytes();
      }
      double bytes = 10.0 * many.bytes() / bytesOfFew;
      double time = 10.0 * many.nanos() / nanos;
      assertThat(bytes).as("bytes").isLessThan(RATIO_MAX);
      assertThat(time).as("time").isLessThan(RATIO_MAX);
    }
  }
}
