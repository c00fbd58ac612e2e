package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orchestrator.execution.Execution;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Stored;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An execution whose stored state cannot be trusted is run by nobody. */
class QuarantineTest {
  private TestDatabase database;
  private World world;
  private UUID id;

  @BeforeEach
  void waiting() {
    database = TestDatabase.create();
    world = new World(new PostgresExecutionStore(database.engine()));
    world.publish("flow: ask\nsteps:\n  - q: {await: {callback: true}}\n  - after: a\n", "a");
    id = world.start("ask", null);
    await().until(() -> world.status(id).equals("waiting"));
  }

  @AfterEach
  void close() {
    world.close();
    database.close();
  }

  private Stored stored() {
    return world.store().load(id).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update executions set state = '{}'",
        "update executions set revision = revision + 1",
        "delete from transitions where revision = 1",
        "update transitions set data = '[1]' where revision = 1",
        "update transitions set event = 'nonsense' where revision = 2",
      })
  void what_contradicts_itself_is_stopped(String damage) {
    database.execute(damage);

    world.hint(id, stored().revision(), Hint.Kind.SWEPT);

    assertThat(stored().status()).isEqualTo("quarantined");
    assertThat(stored().dueAt()).isNull();
    assertThat(world.called()).isEmpty();
    world.hint(id, stored().revision(), Hint.Kind.SWEPT);
    world.hint(id, stored().revision(), Hint.Kind.RUN);
    assertThatThrownBy(() -> world.engine().callback(world.token(id, "q"), 1L, null))
        .isInstanceOf(UntrustedState.class);
    assertThatThrownBy(() -> world.engine().cancel(World.TENANT, id, "enough"))
        .isInstanceOf(UntrustedState.class);
    assertThat(world.called()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update executions set state = '{}'",
        "update executions set revision = revision + 1",
        "update executions set revision = revision - 1",
        "update transitions set event = 'nonsense' where revision = 2",
        "update transitions set data = '[1]' where revision = 2",
      })
  void it_is_rolled_back_to_the_last_valid_state_and_goes_on(String damage) {
    database.execute(damage);
    world.hint(id, stored().revision(), Hint.Kind.SWEPT);
    assertThat(stored().status()).isEqualTo("quarantined");

    RepairOutcome outcome =
        world.engine().operator(World.TENANT, "ann").rollback(id, new Rollback(null, null, "fix"));

    assertThat(outcome).isInstanceOf(RepairOutcome.Done.class);
    world.reaches(id, "waiting");
    int attempt = world.view(id).execution().step("q").attempt();
    assertThat(world.engine().callback(world.token(id, "q", attempt), 1L, null))
        .isEqualTo(CallbackOutcome.ACCEPTED);
    assertThat(world.ended(id).status().text()).isEqualTo("completed");
    assertThat(world.called()).containsExactly("a");
  }

  @Test
  void nothing_valid_can_be_restored_of_a_history_without_its_first_line() {
    database.execute("update transitions set data = '[1]' where revision = 1");
    world.hint(id, stored().revision(), Hint.Kind.SWEPT);

    RepairOutcome outcome =
        world.engine().operator(World.TENANT, "ann").rollback(id, new Rollback(null, null, "fix"));

    assertThat(outcome).isInstanceOf(RepairOutcome.Refused.class);
    assertThat(stored().status()).isEqualTo("quarantined");
  }

  @Test
  void a_word_from_outside_finds_it_out_too() {
    database.execute("update executions set state = '{}'");

    assertThatThrownBy(() -> world.engine().callback(world.token(id, "q"), 1L, null))
        .isInstanceOf(UntrustedState.class);

    assertThat(stored().status()).isEqualTo("quarantined");
  }

  @Test
  void the_audit_trail_says_why() throws SQLException {
    database.execute("update executions set state = '{}'");
    world.hint(id, stored().revision(), Hint.Kind.SWEPT);

    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select tenant, actor, action, details->>'why' from audit")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo(World.TENANT);
      assertThat(row.getString(2)).isEqualTo("engine");
      assertThat(row.getString(3)).isEqualTo("execution.quarantine");
      assertThat(row.getString(4)).startsWith("the history of " + id);
    }
  }

  @Test
  void what_can_be_read_of_it_can_be_looked_at() {
    database.execute("update transitions set event = 'nonsense' where revision = 2");

    Execution execution = History.readable(stored());

    assertThat(execution.revision()).isEqualTo(1);
  }
}
