package io.orchestrator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine costs the database, in counts that do not depend on how busy the machine is. */
class CountsTest {
  private static final int CLIENTS = 16;
  private static final long IDLE_SECONDS = 10;
  private static final long SETTLE_SECONDS = 11;
  private static final int LIMIT_SECONDS = 60;

  private static Postgres server;

  @BeforeAll
  static void start() throws IOException, SQLException {
    server = Postgres.embedded();
    CountedDatabase.prepare(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** What a run costs beyond what it costs to connect and look at the migrations. */
  private record Cost(double commitsPerStep, double walBytesPerStep, double hotShare) {}

  @Test
  void a_backlog_of_short_flows_shares_commits() throws Exception {
    Cost cost = cost("counts_w1", Workload.W1, 1_000, CLIENTS);

    assertThat(cost.commitsPerStep()).isLessThanOrEqualTo(0.6);
    assertThat(cost.walBytesPerStep()).isLessThanOrEqualTo(1_100);
    assertThat(cost.hotShare()).isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void a_long_flow_alone_costs_one_commit_a_step() throws Exception {
    Cost cost = cost("counts_w3", Workload.W3, 20, 1);

    assertThat(cost.commitsPerStep()).isLessThanOrEqualTo(1.1);
    assertThat(cost.walBytesPerStep()).isLessThanOrEqualTo(1_100);
    assertThat(cost.hotShare()).isGreaterThanOrEqualTo(0.95);
  }

  /** One sweep every two seconds; vacuum, which would count too, is off here. */
  @ParameterizedTest
  @EnumSource(
      value = Workload.class,
      names = {"W1", "W3"})
  void an_idle_engine_makes_no_transactions_but_its_sweeps(Workload workload) throws Exception {
    Probe probe = new Probe();
    String name = "counts_idle_" + workload.name().toLowerCase(Locale.ROOT);
    try (CountedDatabase database = new CountedDatabase(server, name);
        EngineSubject subject = new EngineSubject(settings(database, workload, 0), probe)) {
      new Backlog(subject, workload, 20, CLIENTS).run(probe);
      // A backend that has nothing more to do publishes its counts after ten seconds, and nothing
      // tells when it has.
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
      double before = database.transactionsPublished();
      long begun = System.nanoTime();
      // The window is what is measured, not a wait for something.
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
      double seconds = (System.nanoTime() - begun) / 1e9;

      assertThat((database.transactionsPublished() - before) / seconds).isLessThanOrEqualTo(0.7);
    }
  }

  @Test
  void a_step_costs_as_much_at_the_end_of_a_long_flow_as_at_its_beginning() throws Exception {
    assertThat(growth("counts_growth", 0)).isBetween(0.9, 1.1);
  }

  @Test
  void a_step_with_a_large_output_costs_no_more_because_of_the_outputs_before_it()
      throws Exception {
    assertThat(growth("counts_growth_10k", 10_240)).isBetween(0.9, 1.1);
  }

  private static Cost cost(String name, Workload workload, int executions, int clients)
      throws Exception {
    try (CountedDatabase database = new CountedDatabase(server, name)) {
      double commits = database.commits();
      run(database, workload, 0, clients);
      double connecting = database.commits() - commits;
      commits = database.commits();
      double wal = database.walBytes();
      run(database, workload, executions, clients);
      double steps = executions * (double) workload.steps;
      return new Cost(
          (database.commits() - commits - connecting) / steps,
          (database.walBytes() - wal) / steps,
          database.hotShare());
    }
  }

  private static void run(CountedDatabase database, Workload workload, int executions, int clients)
      throws Exception {
    Probe probe = new Probe();
    try (EngineSubject subject = new EngineSubject(settings(database, workload, 0), probe)) {
      new Backlog(subject, workload, executions, clients).run(probe);
    }
  }

  /**
   * The log's bytes of the last steps of a flow of fifty, over those of its first ones; medians
   * over several executions.
   */
  private static double growth(String name, int outputBytes) throws Exception {
    int executions = 9;
    try (CountedDatabase database = new CountedDatabase(server, name)) {
      double[] at = new double[Workload.W3.steps];
      Probe probe = new Probe(step -> at[step] = walBytes(database));
      double[] early = new double[executions];
      double[] late = new double[executions];
      try (EngineSubject subject =
          new EngineSubject(settings(database, Workload.W3, outputBytes), probe)) {
        for (int i = 0; i < executions; i++) {
          new Backlog(subject, Workload.W3, 1, 1).run(probe);
          early[i] = median(at, 3, 8);
          late[i] = median(at, 44, 49);
        }
      }
      Arrays.sort(early);
      Arrays.sort(late);
      return late[executions / 2] / early[executions / 2];
    }
  }

  /**
   * The median of what single steps wrote: from the entry of one's body to the entry of the next
   * one's.
   */
  private static double median(double[] at, int from, int to) {
    double[] written =
        IntStream.range(from, to).mapToDouble(step -> at[step + 1] - at[step]).sorted().toArray();
    return written[written.length / 2];
  }

  private static double walBytes(CountedDatabase database) {
    try {
      return database.walBytes();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Settings settings(CountedDatabase database, Workload workload, int outputBytes) {
    return new Settings(
        "counts",
        workload,
        0,
        CLIENTS,
        0,
        0,
        0,
        0,
        LIMIT_SECONDS,
        outputBytes,
        database.postgres(),
        0);
  }

  /** Executions that clients start as fast as they can, run to their ends. */
  private record Backlog(Subject subject, Workload workload, int executions, int clients) {
    void run(Probe probe) throws Exception {
      Phase phase = probe.begin("c" + System.nanoTime() + "x", executions, workload.steps);
      Thread[] threads = new Thread[clients];
      for (int client = 0; client < clients; client++) {
        int first = client;
        threads[client] = Thread.ofPlatform().start(() -> start(phase, first));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(phase.allDone.await(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as("all have ended")
          .isTrue();
    }

    private void start(Phase phase, int first) {
      for (int i = first; i < executions; i += clients) {
        try {
          subject.start(phase.id(i));
        } catch (Exception e) {
          throw new IllegalStateException(phase.id(i) + " did not start", e);
        }
      }
    }
  }
}
