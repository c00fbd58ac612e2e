package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import org.junit.jupiter.api.Test;

/** What a function holds when its memory is saved for SnapStart, and when it is woken from that. */
class SnapStartTest {
  @Test
  void connections_are_closed_before_the_memory_is_saved_and_opened_again_after_it()
      throws Exception {
    try (TestStack stack = new TestStack();
        Wiring wiring = Wiring.working(stack.environment)) {
      stack.publish("flow: saved\nsteps:\n  - q: {await: {callback: true}}\n");
      long others = connections(stack);
      assertThat(start(wiring)).isInstanceOf(Start.Accepted.class);
      assertThat(connections(stack)).as("connections of an awake function").isGreaterThan(others);

      wiring.beforeCheckpoint(null);
      await().untilAsserted(() -> assertThat(connections(stack)).isLessThanOrEqualTo(others));
      wiring.afterRestore(null);

      assertThat(start(wiring)).isInstanceOf(Start.Accepted.class);
    }
  }

  private static Start start(Wiring wiring) {
    return wiring.engine().start(new StartRequest("acme", "saved", null, null, null, null));
  }

  /** Those of the stack's own functions are among them. */
  private static long connections(TestStack stack) throws Exception {
    try (var connection = stack.database.owner().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where datname = current_database() and"
                    + " application_name = 'orchestrator'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
