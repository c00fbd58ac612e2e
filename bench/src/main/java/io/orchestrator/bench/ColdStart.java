package io.orchestrator.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.cache.Cache;
import io.orchestrator.cache.CachedText;
import io.orchestrator.cache.Seal;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.Draft;
import io.orchestrator.catalog.TenantAdapters;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.EngineOptions;
import io.orchestrator.engine.Observer;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.local.EmbeddedPostgres;
import io.orchestrator.local.FunctionException;
import io.orchestrator.local.FunctionSpec;
import io.orchestrator.local.Home;
import io.orchestrator.local.LocalQueues;
import io.orchestrator.local.LocalRedis;
import io.orchestrator.local.Ports;
import io.orchestrator.local.ProcessHost;
import io.orchestrator.local.Surroundings;
import io.orchestrator.local.Template;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.store.DefinitionRows;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.Migrations;
import io.orchestrator.store.Pool;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.TrialRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Starts StepRunnerFunction as Lambda does, a process of its own against a Runtime API, hands it
 * one message, and says what CPU time it took until the step's outcome was committed, and which of
 * its threads took it. One HTTP call is made by the step.
 */
public final class ColdStart {
  private static final String TENANT = "bench";
  private static final String KEY = "the key for callbacks of a benchmark";
  private static final double TICKS_A_SECOND = 100;

  private ColdStart() {}

  /** Hints that go nowhere: the one message is handed over by hand. */
  private static final class Nowhere implements Hints {
    @Override
    public int send(List<Outgoing> hints) {
      return hints.size();
    }

    @Override
    public void close() {}
  }

  public static void main(String[] args) throws Exception {
    int repeats = Integer.parseInt(Settings.text("REPEATS", "5"));
    Path folder = Files.createTempDirectory("orchestrator-cold-");
    Home home = new Home(folder);
    Ports ports = new Ports(home);
    Probe probe = new Probe();
    probe.begin("cold", 1, 1);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, ports);
        LocalRedis redis = LocalRedis.start(home, ports);
        LocalQueues queues = LocalQueues.start(ports);
        ProbeServer server = new ProbeServer(probe)) {
      PGSimpleDataSource owner = new PGSimpleDataSource();
      owner.setUrl(postgres.jdbcUrl());
      owner.setUser(EmbeddedPostgres.SUPERUSER);
      new Migrations(owner).run();
      Path template = Path.of(System.getProperty("orchestrator.home", "."), "template.yaml");
      Template read =
          Template.read(
              template,
              Surroundings.local(Map.of(), queues.endpoint().toString(), "http://localhost:1"));
      queues.create(read.queues());
      FunctionSpec function = read.function("StepRunnerFunction");
      FunctionSpec local = function.with(environment(function, postgres, redis, queues));
      try (HikariDataSource pool =
              Pool.open(
                  new Pool.Settings(postgres.jdbcUrl(), Migrations.ENGINE_ROLE, "", 2, false));
          Catalogued catalogued = Catalogued.of(pool, server)) {
        for (int i = 0; i < repeats; i++) {
          measure(local, home, catalogued.begin());
        }
      }
    } finally {
      Folders.delete(folder);
    }
    System.exit(0);
  }

  /** A published flow of one step, and an engine that starts executions of it. */
  private record Catalogued(Engine engine) implements AutoCloseable {
    static Catalogued of(HikariDataSource pool, ProbeServer server) {
      Seal seal = new Seal(KEY.getBytes(StandardCharsets.UTF_8));
      TenantAdapters adapters =
          new TenantAdapters(DefinitionRows.adapters(pool), CachedText.adapters(Cache.NONE, seal));
      Definition probe =
          DefinitionReader.read(
                  Map.of(
                      "adapter",
                      "probe",
                      "type",
                      "http",
                      "base_url",
                      "http://127.0.0.1:" + server.port(),
                      "allow",
                      List.of("127.0.0.1:" + server.port()),
                      "default_action",
                      "step",
                      "actions",
                      Map.of("step", Map.of("path", "/step"))))
              .definition();
      adapters.put(TENANT, probe, 0, "", "bench");
      Catalog catalog =
          new Catalog(
              new FlowRows(pool),
              adapters,
              DefinitionRows.steps(pool),
              new TrialRows(pool),
              CachedText.plans(Cache.NONE, seal));
      String flow =
          "flow: cold\nsteps:\n  - only: {adapter: probe, params: {id: $input.id, k: 0}}\n";
      catalog.create(
          TENANT, new Draft(flow.getBytes(StandardCharsets.UTF_8), "yaml", "bench", false, true));
      byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
      return new Catalogued(
          new Engine(
              catalog,
              new PostgresExecutionStore(pool),
              call -> {
                throw new IllegalStateException("this engine only starts");
              },
              new Engine.Outside(
                  new Nowhere(),
                  Observer.NONE,
                  new Callbacks(key, "http://localhost:1"),
                  Engine.SlowCalls.NONE,
                  Engine.Redis.in(Cache.NONE, key)),
              new EngineOptions("cold", true, false)));
    }

    UUID begin() {
      Start start =
          engine.start(new StartRequest(TENANT, "cold", null, Map.of("id", "cold-0"), null, null));
      if (start instanceof Start.Accepted accepted) {
        return accepted.id();
      }
      throw new IllegalStateException("not started: " + start);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private static Map<String, String> environment(
      FunctionSpec function, EmbeddedPostgres postgres, LocalRedis redis, LocalQueues queues) {
    Map<String, String> environment = new HashMap<>(function.environment());
    environment.put("DATABASE_URL", postgres.jdbcUrl());
    environment.put("DATABASE_READER_URL", "");
    environment.put("DATABASE_USER", Migrations.ENGINE_ROLE);
    environment.put("DATABASE_SECRET", "");
    environment.put("API_DATABASE_SECRET", "");
    environment.put("OWNER_DATABASE_SECRET", "");
    environment.put(
        "REDIS_URL", Settings.text("COLD_REDIS", "yes").equals("no") ? "" : redis.url());
    environment.put("CALLBACK_SECRET", "callback");
    environment.put("ORCHESTRATOR_SECRET_CALLBACK", KEY);
    environment.put("PUBLIC_URL", "http://localhost:1");
    environment.put("JWT_ISSUER", "https://issuer.invalid");
    environment.put("JWT_AUDIENCE", "orchestrator");
    environment.put("EGRESS_ALLOW", "127.0.0.0/8");
    environment.put("AWS_REGION", Surroundings.REGION);
    environment.put("AWS_ACCESS_KEY_ID", LocalQueues.ACCESS_KEY);
    environment.put("AWS_SECRET_ACCESS_KEY", LocalQueues.ACCESS_KEY);
    environment.put("AWS_ENDPOINT_URL_SQS", queues.endpoint().toString());
    environment.put("JAVA_TOOL_OPTIONS", Settings.text("COLD_OPTIONS", ""));
    return environment;
  }

  private static void measure(FunctionSpec function, Home home, UUID execution)
      throws FunctionException, IOException {
    try (ProcessHost host = ProcessHost.start(function, home, 1)) {
      long begun = System.nanoTime();
      host.invoke(message(new Hint(TENANT, execution, 1, Hint.Kind.RUN)), Object.class);
      double seconds = (System.nanoTime() - begun) / 1e9;
      long pid = host.pids().getFirst();
      line("wall_s", seconds);
      line("cpu_s", Processes.treeCpu(pid));
      byThread(pid).forEach((kind, cpu) -> line("cpu_s_" + kind, cpu));
    }
  }

  private static Map<String, Object> message(Hint hint) {
    return Map.of(
        "Records",
        List.of(
            Map.of(
                "messageId", UUID.randomUUID().toString(),
                "receiptHandle", "none",
                "body", hint.json(),
                "attributes", Map.of("ApproximateReceiveCount", "1"),
                "messageAttributes", Map.of(),
                "eventSource", "aws:sqs",
                "eventSourceARN", LocalQueues.arn("StepQueue"),
                "awsRegion", Surroundings.REGION)));
  }

  /**
   * CPU seconds of the kinds of threads that are alive; compilers and collectors apart from those
   * that run our code.
   */
  private static Map<String, Double> byThread(long pid) throws IOException {
    Map<String, Double> byKind = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + pid, "task"))) {
      for (Path task : tasks.toList()) {
        String stat = Files.readString(task.resolve("stat"));
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double cpu =
            (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) / TICKS_A_SECOND;
        byKind.merge(kind(name), cpu, Double::sum);
      }
    }
    return byKind;
  }

  private static String kind(String thread) {
    if (thread.startsWith("C1") || thread.startsWith("C2")) {
      return "jit_" + thread.substring(0, 2).toLowerCase(java.util.Locale.ROOT);
    }
    if (thread.startsWith("VM ")
        || thread.startsWith("GC")
        || thread.contains("Monitor")
        || thread.startsWith("Signal")) {
      return "vm";
    }
    // The runtime client runs the handler on the main thread, hints are worked on by virtual
    // threads.
    return thread.startsWith("java") || thread.startsWith("main") || thread.startsWith("Lambda")
        ? "main"
        : "others";
  }

  private static void line(String metric, double value) {
    System.out.printf(java.util.Locale.ROOT, "orchestrator cold %s %.3f%n", metric, value);
  }
}
