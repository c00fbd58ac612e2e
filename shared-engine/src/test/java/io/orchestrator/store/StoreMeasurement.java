package io.orchestrator.store;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Drives three-step executions through the store alone and prints what they cost. Not a test: run
 * it by hand, with the arguments callers, executions, committers, members of a group.
 */
public final class StoreMeasurement {
  private StoreMeasurement() {}

  public static void main(String[] args) throws Exception {
    int callers = argument(args, 0, 64);
    int executions = argument(args, 1, 20_000);
    int committers = argument(args, 2, Limits.COMMITTERS);
    int groupMax = argument(args, 3, Limits.GROUP_MAX);
    try (TestPostgres server = TestDatabase.migrated(TestPostgres.start(true));
        TestDatabase database = TestDatabase.on(server);
        HikariDataSource engine = database.engine()) {
      PostgresExecutionStore store = new PostgresExecutionStore(engine, committers, groupMax);
      for (int warm = 0; warm < 3; warm++) {
        run(store, callers, executions);
      }
      database.execute("checkpoint");
      Counts before = counts(database);
      long started = System.nanoTime();
      run(store, callers, executions);
      double seconds = (System.nanoTime() - started) / 1e9;
      report(before, counts(database), executions, seconds, callers);
      latency(store);
    }
  }

  private static int argument(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private static void run(ExecutionStore store, int callers, int executions)
      throws InterruptedException {
    Semaphore free = new Semaphore(callers);
    AtomicLong refused = new AtomicLong();
    ThreadFactory threads = Thread.ofVirtual().factory();
    for (int i = 0; i < executions; i++) {
      free.acquire();
      threads
          .newThread(
              () -> {
                try {
                  refused.addAndGet(threeSteps(store));
                } finally {
                  free.release();
                }
              })
          .start();
    }
    free.acquire(callers);
    if (refused.get() > 0) {
      throw new IllegalStateException(refused + " commits were refused");
    }
  }

  private static int threeSteps(ExecutionStore store) {
    UUID id = Commits.id();
    int refused = 0;
    for (Commit commit :
        new Commit[] {
          Commits.start(id), Commits.step(id, 1, "a"), Commits.step(id, 2, "b"), Commits.end(id, 3)
        }) {
      refused += store.commit(commit) instanceof Verdict.Stored ? 0 : 1;
    }
    return refused;
  }

  private static void latency(ExecutionStore store) {
    long[] micros = new long[1000];
    for (int i = 0; i < micros.length; i++) {
      UUID id = Commits.id();
      store.commit(Commits.start(id));
      long before = System.nanoTime();
      store.commit(Commits.step(id, 1, "a"));
      micros[i] = (System.nanoTime() - before) / 1000;
    }
    java.util.Arrays.sort(micros);
    System.out.printf(Locale.ROOT, "lone commit p50 %d us, p95 %d us%n", micros[500], micros[950]);
  }

  private record Counts(
      long walBytes, long commits, long updates, long hot, double cpuSeconds, double ownSeconds) {}

  private static Counts counts(TestDatabase database) throws SQLException, java.io.IOException {
    try (Connection connection = database.owner().getConnection()) {
      double cpu = cpuSeconds(database.server().pid());
      Sql.list(connection, "select pg_stat_force_next_flush()", _ -> 0);
      return Sql.first(
              connection,
              """
              select (pg_current_wal_lsn() - '0/0'::pg_lsn)::int8 as wal,
                (select xact_commit from pg_stat_database where datname = current_database()) as commits,
                sum(n_tup_upd)::int8 as updates, sum(n_tup_hot_upd)::int8 as hot
              from pg_stat_user_tables where relname like 'executions%'
              """,
              row ->
                  new Counts(
                      row.getLong("wal"),
                      row.getLong("commits"),
                      row.getLong("updates"),
                      row.getLong("hot"),
                      cpu,
                      cpuOf(ProcessHandle.current())))
          .orElseThrow();
    }
  }

  /** CPU of the server's processes, by the kernel's account, in ticks of 10 ms. */
  private static double cpuSeconds(long postmaster) {
    return ProcessHandle.of(postmaster).stream()
        .flatMap(
            server ->
                java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(server), server.descendants()))
        .mapToDouble(StoreMeasurement::cpuOf)
        .sum();
  }

  private static double cpuOf(ProcessHandle process) {
    try {
      String stat =
          java.nio.file.Files.readString(java.nio.file.Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    } catch (java.io.IOException gone) {
      return 0;
    }
  }

  private static void report(
      Counts before, Counts after, int executions, double seconds, int callers) {
    double statements = after.commits - before.commits;
    System.out.printf(
        Locale.ROOT,
        "%d callers: %.0f executions/s, %.0f commits/s in %.0f transactions/s (%.1f each), WAL %.0f"
            + " bytes a step, %.0f a row, HOT %.2f %%, CPU of the database %.3f ms and of this"
            + " process %.3f ms an execution%n",
        callers,
        executions / seconds,
        4 * executions / seconds,
        statements / seconds,
        4 * executions / statements,
        (after.walBytes - before.walBytes) / 3.0 / executions,
        (after.walBytes - before.walBytes) / 5.0 / executions,
        100.0 * (after.hot - before.hot) / (after.updates - before.updates),
        1000 * (after.cpuSeconds - before.cpuSeconds) / executions,
        1000 * (after.ownSeconds - before.ownSeconds) / executions);
  }
}
