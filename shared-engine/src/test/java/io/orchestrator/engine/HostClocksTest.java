package io.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.StepState;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host whose clock is wrong by an hour runs executions by the time of the database (P12). */
class HostClocksTest {
  private static final Duration NAP = Duration.ofMillis(300);
  private static final String FLOW =
      """
      flow: naps
      steps:
        - first: {adapter: clock, params: {x: 1}}
        - nap: {wait: 300ms}
        - again: {adapter: clock, params: {x: 2}, retry: {attempts: 2, delay: 300ms, jitter: none}}
      """;

  private static TestDatabase database;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /** A machine whose clock is that far off. Its monotonic clock begins anywhere, as they do. */
  private record Wrong(Duration offset) implements Host {
    @Override
    public long nanos() {
      return Host.JVM.nanos() + offset.toNanos();
    }

    @Override
    public UUID newId() {
      UUID right = Host.JVM.newId();
      long millis = (right.getMostSignificantBits() >>> 16) + offset.toMillis();
      long high = (millis << 16) | (right.getMostSignificantBits() & 0xffff);
      return new UUID(high, right.getLeastSignificantBits());
    }

    @Override
    public <T> void beside(String name, Supplier<T> work, Consumer<T> then) {
      Host.JVM.beside(name, work, then);
    }

    @Override
    public <T> T next(BlockingQueue<T> mailbox, long nanos) throws InterruptedException {
      return Host.JVM.next(mailbox, nanos);
    }

    @Override
    public Runnable every(Duration pause, Runnable work) {
      return Host.JVM.every(pause, work);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "-PT1H"})
  void its_timers_fire_and_its_executions_are_found_by_the_time_of_the_database(String offset) {
    EngineOptions options =
        new EngineOptions("clock " + offset, true, true, new Wrong(Duration.parse(offset)));
    try (World world = new World(new PostgresExecutionStore(database.engine()), options)) {
      world.publish(FLOW, "clock");
      world.service("clock", HostClocksTest::failsAtFirst);
      Instant before = world.store().now();
      Execution ended = world.ended(world.start("naps", Map.of()));
      Instant after = world.store().now();

      assertThat(ended.status().text()).isEqualTo("completed");
      assertThat(ended.startedAt()).isBetween(before, after);
      assertThat(ended.endedAt()).isBetween(before, after);
      assertThat(took(step(ended, "nap"))).isBetween(NAP, NAP.plusSeconds(2));
      assertThat(took(step(ended, "again"))).isBetween(NAP, NAP.plusSeconds(2));
      List<ExecutionReads.Summary> found =
          new ExecutionReads(database.api())
              .list(
                  World.TENANT,
                  new ExecutionReads.Query("naps", List.of(), before, after, null, 10));
      assertThat(found).extracting(ExecutionReads.Summary::id).containsExactly(ended.id());
    }
  }

  private static Answer failsAtFirst(AdapterCall call) {
    boolean fails = call.path().equals("again") && call.attempt() == 1;
    return fails
        ? new Answer.Refused(new Failure("busy", "later", 503, true, "clock", null, null))
        : new Answer.Done(Map.of("ok", true), "clock");
  }

  private static StepState step(Execution execution, String path) {
    return execution.steps().stream()
        .filter(state -> state.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static Duration took(StepState state) {
    return Duration.between(state.startedAt(), state.endedAt());
  }
}
