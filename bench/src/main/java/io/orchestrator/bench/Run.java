package io.orchestrator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One run: warm-up, backlog (as fast as the clients can), rest for the statistics, an idle window,
 * and a steady rate. The phases and figures are those of the peer benchmark, so that their lines
 * can be compared.
 */
final class Run {
  /** PostgreSQL publishes the counters of a backend that went idle within ten seconds. */
  private static final long SETTLE_MILLIS = 10_500;

  private final Settings settings;
  private final Subject subject;
  private final Connection admin;
  private final Report report;
  private final Probe probe;

  Run(Settings settings, Subject subject, Probe probe, Connection admin) {
    this.settings = settings;
    this.subject = subject;
    this.admin = admin;
    this.probe = probe;
    this.report = new Report(settings.peer(), settings.workload().name());
  }

  @FunctionalInterface
  private interface Task {
    void run(int index) throws Exception;
  }

  void all() throws Exception {
    report.line("loadavg_before", load());
    warmUp();
    rest();
    Snapshot before = snapshot();
    Phase backlog = backlog("run" + stamp(), settings.executions(), true);
    Snapshot end = snapshot();
    latencies(backlog, "backlog_");
    rest();
    Snapshot settled = snapshot();
    rest();
    Snapshot idle = snapshot().since(settled);
    counts(backlog, settled.since(before), end.since(before), idle, settled.nanos() - end.nanos());
    if (settings.rateSeconds() > 0) {
      latencies(steady(), "rate_");
    }
    report.line("loadavg_after", load());
  }

  private static String stamp() {
    return Long.toString(System.currentTimeMillis(), 36) + "x";
  }

  private static double load() throws IOException {
    return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }

  private Snapshot snapshot() throws SQLException {
    return Snapshot.take(admin, settings, subject);
  }

  private void rest() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS));
  }

  private void warmUp() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.warmSeconds());
    int round = 0;
    do {
      backlog("warm" + stamp() + round + "r", settings.warmup(), false);
      round++;
    } while (System.nanoTime() < end);
  }

  private Phase backlog(String prefix, int executions, boolean reported) throws Exception {
    Phase phase = probe.begin(prefix, executions, settings.workload().steps);
    long start = System.nanoTime();
    clients(
        executions,
        i -> {
          phase.begun[i] = System.nanoTime();
          subject.start(phase.id(i));
          phase.acknowledged[i] = System.nanoTime();
        });
    long acknowledged = System.nanoTime();
    double parked = 0;
    long signals = start;
    if (settings.workload() == Workload.W4) {
      phase.allEntered.await(settings.limitSeconds(), TimeUnit.SECONDS);
      parked = seconds(start, System.nanoTime());
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(500)); // as long as the peers get to record their wait
      signals = System.nanoTime();
      clients(
          executions,
          i -> {
            phase.signalled[i] = System.nanoTime();
            subject.signal(phase.id(i));
          });
    }
    if (!phase.allDone.await(settings.limitSeconds(), TimeUnit.SECONDS)) {
      report.line("missing", (double) phase.allDone.getCount());
    }
    if (reported) {
      speed(phase, start, acknowledged, parked, signals);
    }
    return phase;
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private void speed(Phase phase, long start, long acknowledged, double parked, long signals) {
    int done = phase.doneCount.get();
    double resumed = seconds(signals, Arrays.stream(phase.done).max().orElse(signals));
    if (settings.workload() == Workload.W4) {
      report.line("park_exec_s", phase.executions / parked);
      report.line("resume_exec_s", done / resumed);
    }
    double taken = parked + resumed;
    report.line("backlog_executions", done);
    report.line("backlog_seconds", taken);
    report.line("exec_s", done / taken);
    report.line("steps_s", done * (double) phase.steps / taken);
    report.line("start_acks_s", phase.executions / seconds(start, acknowledged));
  }

  private void clients(int tasks, Task task) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    ConcurrentLinkedQueue<Exception> errors = new ConcurrentLinkedQueue<>();
    Runnable client =
        () -> {
          for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
            try {
              task.run(i);
            } catch (Exception e) {
              errors.add(e);
            }
          }
        };
    List<Thread> threads =
        IntStream.range(0, settings.clients())
            .mapToObj(i -> Thread.ofPlatform().name("client-" + i).start(client))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    if (!errors.isEmpty()) {
      report.line("client_errors", errors.size());
      System.err.println("The first of " + errors.size() + " failed calls: " + errors.peek());
    }
  }

  /**
   * Open loop: a start every so often, whether or not the earlier ones are done; latencies count
   * from the planned time.
   */
  private Phase steady() throws Exception {
    int executions = (int) Math.round(settings.rate() * settings.rateSeconds());
    Phase phase = probe.begin("rate" + stamp(), executions, settings.workload().steps);
    long gap = (long) (1e9 / settings.rate());
    boolean signals = settings.workload() == Workload.W4;
    int lag = signals ? (int) Math.ceil(settings.rate() * 2) : 0;
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < executions + lag; i++) {
        long planned = start + i * gap;
        for (long now = System.nanoTime(); now < planned; now = System.nanoTime()) {
          LockSupport.parkNanos(planned - now);
        }
        int index = i;
        if (index < executions) {
          threads.execute(() -> quietly(() -> begin(phase, index, planned)));
        }
        if (signals && index >= lag) {
          threads.execute(() -> quietly(() -> signal(phase, index - lag, planned)));
        }
      }
      if (!phase.allDone.await(settings.limitSeconds(), TimeUnit.SECONDS)) {
        report.line("missing_rate_done", (double) phase.allDone.getCount());
      }
    }
    report.line("rate_executions", phase.doneCount.get());
    return phase;
  }

  private void begin(Phase phase, int index, long planned) throws Exception {
    phase.begun[index] = planned;
    subject.start(phase.id(index));
    phase.acknowledged[index] = System.nanoTime();
  }

  private void signal(Phase phase, int index, long planned) throws Exception {
    phase.signalled[index] = planned;
    subject.signal(phase.id(index));
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws Exception;
  }

  /** One that fails is missing in the end, and said so. */
  private static void quietly(Attempt attempt) {
    try {
      attempt.run();
    } catch (Exception e) {
      System.err.println("A call failed: " + e);
    }
  }

  private void latencies(Phase phase, String prefix) {
    int[] done = IntStream.range(0, phase.executions).filter(i -> phase.done[i] != 0).toArray();
    report.latencies(
        prefix + "start_call_ms", each(done, i -> phase.acknowledged[i] - phase.begun[i]));
    report.latencies(
        prefix + "trigger_first_step_ms", each(done, i -> phase.entered[i][0] - phase.begun[i]));
    switch (settings.workload()) {
      case W1, W3, W5 -> {
        double[] steps =
            Arrays.stream(done)
                .mapToObj(i -> between(phase, i))
                .flatMapToDouble(DoubleStream::of)
                .toArray();
        report.latencies(prefix + "step_ms", steps);
      }
      case W2 ->
          report.latencies(
              prefix + "fanout_ms", each(done, i -> phase.done[i] - phase.entered[i][0]));
      case W4 -> {
        report.latencies(
            prefix + "signal_step_ms", each(done, i -> phase.entered[i][1] - phase.signalled[i]));
        report.latencies(
            prefix + "signal_done_ms", each(done, i -> phase.done[i] - phase.signalled[i]));
        return;
      }
    }
    report.latencies(prefix + "e2e_ms", each(done, i -> phase.done[i] - phase.begun[i]));
  }

  @FunctionalInterface
  private interface Span {
    long nanos(int index);
  }

  private static double[] each(int[] indices, Span span) {
    return Arrays.stream(indices).mapToDouble(i -> span.nanos(i) / 1e6).toArray();
  }

  /** From each step's body to the next one's, and from the last one's to the end. */
  private static double[] between(Phase phase, int i) {
    double[] spans = new double[phase.steps];
    for (int k = 0; k < phase.steps; k++) {
      long next = k + 1 < phase.steps ? phase.entered[i][k + 1] : phase.done[i];
      spans[k] = (next - phase.entered[i][k]) / 1e6;
    }
    return spans;
  }

  /** Exact counts a step, less what the engine does when it is idle. */
  private void counts(
      Phase phase, Snapshot settled, Snapshot backlog, Snapshot idle, long tailNanos) {
    double done = Math.max(1, phase.doneCount.get());
    double steps = done * phase.steps;
    double tail = tailNanos / 1e9 / idle.seconds();
    double commits = settled.commits() - idle.commits() * tail;
    report.line("pg_commits_per_exec", commits / done);
    report.line("pg_commits_per_step", commits / steps);
    double rollbacks = settled.rollbacks() - idle.rollbacks() * tail;
    if (rollbacks > done * 0.001) {
      report.line("pg_rollbacks_per_exec", rollbacks / done);
    }
    report.line(
        "pg_rows_written_per_step", (settled.rowsWritten() - idle.rowsWritten() * tail) / steps);
    report.line("wal_bytes_per_step", backlog.walBytes() / steps);
    report.line("wal_syncs_per_step", (settled.walSyncs() - idle.walSyncs() * tail) / steps);
    report.line("cpu_s_per_1000_steps_driver", backlog.driverCpu() / steps * 1000);
    report.line("cpu_s_per_1000_steps_server", backlog.serverCpu() / steps * 1000);
    report.line("cpu_s_per_1000_steps_postgres", backlog.postgresCpu() / steps * 1000);
    report.line("cpu_s_per_1000_steps_total", backlog.cpu() / steps * 1000);
    report.line("cpu_cores_used", backlog.cpu() / backlog.seconds());
    report.line("rss_mb_driver", Processes.treeMemory(ProcessHandle.current().pid()));
    report.line("idle_pg_xacts_s", (idle.commits() + idle.rollbacks()) / idle.seconds());
    report.line("idle_cpu_cores", idle.cpu() / idle.seconds());
  }
}
