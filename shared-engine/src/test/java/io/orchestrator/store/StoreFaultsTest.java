package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.testing.CuttingProxy;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The store when something goes wrong, on a server of its own with fsync on. */
class StoreFaultsTest {
  private static final boolean LONG = Boolean.getBoolean("orchestrator.long");

  /** Each has two cuts: a thousand in a long run. */
  private static final int ROUNDS = LONG ? 500 : 30;

  private static final int CRASHES = LONG ? 20 : 3;

  private static TestPostgres server;
  private static TestDatabase database;
  private static HikariDataSource engine;
  private static ExecutionStore store;

  @BeforeAll
  static void open() {
    server = TestDatabase.migrated(TestPostgres.start(true));
    database = TestDatabase.on(server);
    engine = database.engine();
    store = new PostgresExecutionStore(engine);
  }

  @AfterAll
  static void close() {
    database.close();
    server.close();
  }

  private static Commit broken(UUID id) {
    return Commits.next(
        id,
        1,
        new Commit.Head("running", "{not json", Commits.GRACE, null, null, false),
        Commits.row("step_completed", "a"));
  }

  @Test
  void a_bad_commit_fails_at_once_and_does_not_harm_its_neighbours() throws Exception {
    List<UUID> ids = new ArrayList<>();
    List<Future<Verdict>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        UUID id = Commits.id();
        ids.add(id);
        store.commit(Commits.start(id));
      }
      for (int i = 0; i < 100; i++) {
        Commit commit = i % 20 == 7 ? broken(ids.get(i)) : Commits.step(ids.get(i), 1, "a");
        futures.add(threads.submit(() -> store.commit(commit)));
      }
    }
    for (int i = 0; i < 100; i++) {
      Future<Verdict> future = futures.get(i);
      if (i % 20 == 7) {
        assertThatThrownBy(future::get)
            .hasCauseInstanceOf(StoreException.class)
            .hasMessageContaining("not stored");
        assertThat(store.load(ids.get(i)).orElseThrow().revision()).isEqualTo(1);
      } else {
        assertThat(future.get()).isInstanceOf(Verdict.Stored.class);
      }
    }
  }

  @Test
  void a_commit_whose_answer_is_lost_is_stored_once() {
    try (CuttingProxy proxy = new CuttingProxy(server.port());
        HikariDataSource cut =
            Pool.open(
                new Pool.Settings(
                    database.url().replace(":" + server.port(), ":" + proxy.port()),
                    Migrations.ENGINE_ROLE,
                    "",
                    4,
                    false))) {
      ExecutionStore far = new PostgresExecutionStore(cut);
      far.load(Commits.id());
      for (int i = 0; i < ROUNDS; i++) {
        UUID id = Commits.id();
        proxy.swallow(1);
        assertThat(far.commit(Commits.start(id, Commits.key("cut " + id, "x"))))
            .isInstanceOf(Verdict.Stored.class);
        proxy.swallow(1);
        assertThat(far.commit(Commits.step(id, 1, "a"))).isInstanceOf(Verdict.Stored.class);
        assertThat(far.commit(Commits.step(id, 1, "b"))).isEqualTo(new Verdict.Lost());
        Stored stored = far.load(id).orElseThrow();
        assertThat(stored.history()).extracting(Stored.Line::revision).containsExactly(1, 2);
      }
      assertThat(proxy.swallowed()).isGreaterThanOrEqualTo(2 * ROUNDS);
    }
  }

  @Test
  void a_row_that_is_locked_for_a_moment_delays_its_commit_only() throws Exception {
    UUID locked = Commits.id();
    store.commit(Commits.start(locked));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection other = database.owner().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select from executions where id = '" + locked + "' for update");
      Future<Verdict> waiting = threads.submit(() -> store.commit(Commits.step(locked, 1, "a")));
      UUID free = Commits.id();
      assertThat(store.commit(Commits.start(free))).isInstanceOf(Verdict.Stored.class);
      other.rollback();
      assertThat(waiting.get(5, TimeUnit.SECONDS)).isInstanceOf(Verdict.Stored.class);
    }
  }

  @Test
  void whatever_was_acknowledged_survives_crashes_of_the_database_and_the_store_goes_on()
      throws Exception {
    List<UUID> acknowledged = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<UUID>>> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        writers.add(threads.submit(() -> writeUntil(over)));
      }
      try {
        for (int crash = 0; crash < CRASHES; crash++) {
          server.kill();
          server.start();
          UUID id = Commits.id();
          assertThat(store.commit(Commits.start(id))).isInstanceOf(Verdict.Stored.class);
        }
      } finally {
        over.set(true);
      }
      for (Future<List<UUID>> writer : writers) {
        acknowledged.addAll(writer.get());
      }
    }
    assertThat(acknowledged).isNotEmpty();
    assertThat(acknowledged)
        .allSatisfy(id -> assertThat(store.load(id).orElseThrow().history()).hasSize(2));
  }

  private static List<UUID> writeUntil(AtomicBoolean over) {
    List<UUID> acknowledged = new ArrayList<>();
    while (!over.get()) {
      UUID id = Commits.id();
      try {
        if (store.commit(Commits.start(id)) instanceof Verdict.Stored
            && store.commit(Commits.step(id, 1, "a")) instanceof Verdict.Stored) {
          acknowledged.add(id);
        }
      } catch (StoreException tooLong) {
        // Not acknowledged, so nothing is promised.
      }
    }
    return acknowledged;
  }

  @Test
  void without_a_database_a_commit_fails_within_the_limit() {
    try (HikariDataSource nowhere =
        Pool.open(
            new Pool.Settings("jdbc:postgresql://127.0.0.1:1/none", "nobody", "", 2, false))) {
      ExecutionStore store = new PostgresExecutionStore(nowhere);
      long before = System.nanoTime();
      assertThatThrownBy(() -> store.commit(Commits.start(Commits.id())))
          .isInstanceOf(StoreException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
    }
  }
}
