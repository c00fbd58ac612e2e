package io.orchestrator.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.cache.Cache;
import io.orchestrator.engine.CallbackOutcome;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.EngineOptions;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.flow.Compiled;
import io.orchestrator.flow.Compiler;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowReader;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.InProcessHints;
import io.orchestrator.store.Migrations;
import io.orchestrator.store.Pool;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Sweeps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The engine embedded in this process: its state machine, store, group commit, adapters and sweeper
 * as everywhere, with dispatch in the process instead of a queue.
 */
final class EngineSubject implements Subject, PlanSource {
  private static final String TENANT = "bench";
  private static final Duration BUDGET = Duration.ofMinutes(10);
  private static final long SWEEP_MILLIS = 2_000;
  private static final int CONNECTIONS_MAX = 8;
  private static final int IN_HAND_MAX = 128;
  private static final byte[] KEY =
      "the key for callbacks of a benchmark".getBytes(StandardCharsets.US_ASCII);

  private final Probe probe;
  private final int outputBytes;
  private final Plan plan;
  private final HikariDataSource pool;
  private final Callbacks callbacks = new Callbacks(KEY, "http://127.0.0.1:1");
  private final InProcessHints hints =
      new InProcessHints((queue, hint) -> advance(hint), IN_HAND_MAX);
  private final Map<String, UUID> ids = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ticks").factory());
  private final Engine engine;

  EngineSubject(Settings settings, Probe probe) {
    this.probe = probe;
    this.outputBytes = settings.outputBytes();
    String url = settings.postgres().url();
    PGSimpleDataSource owner = new PGSimpleDataSource();
    owner.setUrl(url);
    owner.setUser(settings.postgres().user());
    new Migrations(owner).run();
    this.plan = compile(settings.workload());
    this.pool =
        Pool.open(new Pool.Settings(url, Migrations.ENGINE_ROLE, "", CONNECTIONS_MAX, false));
    this.engine = engine(pool);
    Sweeper sweeper = new Sweeper(new Sweeps(pool), hints);
    var _ =
        ticks.scheduleWithFixedDelay(
            sweeper::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private Engine engine(DataSource source) {
    Definition definition =
        DefinitionReader.read(
                Map.of(
                    "adapter", "probe",
                    "type", "probe",
                    "default_action", "step",
                    "actions", Map.of("step", Map.of(), "flaky", Map.of())))
            .definition();
    Adapters adapters =
        new Adapters(
            new OneDefinition(definition),
            Map.of("probe", (AdapterType) this::body),
            (tenant, name) -> null,
            Instant::now);
    return new Engine(
        this,
        new PostgresExecutionStore(source),
        adapters::call,
        new Engine.Outside(
            hints,
            moved -> completed(moved.after()),
            callbacks,
            Engine.SlowCalls.NONE,
            Engine.Redis.in(Cache.NONE, KEY)),
        new EngineOptions("bench-" + ProcessHandle.current().pid(), true, true));
  }

  private static Plan compile(Workload workload) {
    Problems problems = new Problems();
    Flow flow =
        FlowReader.read(
            Document.read(workload.flow("{await: {callback: true}}"), problems), problems);
    KnownNames names =
        new KnownNames(
            Map.of("probe", new KnownNames.Adapter("step", Set.of("step", "flaky"))),
            Map.of(),
            Set.of());
    Compiled compiled = Compiler.compile(flow, names, "1.0.0", problems);
    if (compiled == null) {
      throw new IllegalStateException(problems.errors().toString());
    }
    return compiled.plan();
  }

  private record OneDefinition(Definition definition) implements Definitions {
    @Override
    public Definition find(String tenant, String adapter) {
      return definition.adapter().equals(adapter) ? definition : null;
    }

    @Override
    public Collection<Definition> all(String tenant) {
      return List.of(definition);
    }
  }

  /** The body of a step. */
  private Reply body(Invocation invocation) {
    Map<?, ?> params = (Map<?, ?>) invocation.call().params();
    String id = (String) params.get("id");
    if (invocation.action().name().equals("flaky")) {
      return probe.fails(id)
          ? new Reply.Failed(Failure.temporary("adapter_unavailable", "this attempt fails"))
          : Reply.ok(1L);
    }
    Long k = (Long) params.get("k");
    probe.step(id, k.intValue());
    return Reply.ok(outputBytes == 0 ? k : Map.of("k", k, "text", text(outputBytes, k)));
  }

  /** Text that a compressor cannot make much smaller. */
  private static String text(int bytes, long seed) {
    byte[] random = new byte[bytes * 3 / 4];
    new Random(seed).nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }

  private void completed(Execution execution) {
    if (execution.status().isFinal()) {
      String id = (String) ((Map<?, ?>) execution.input()).get("id");
      ids.remove(id);
      probe.done(id);
    }
  }

  private void advance(Hint hint) {
    engine.advance(hint, BUDGET);
  }

  @Override
  public void start(String id) {
    Start start =
        engine.start(new StartRequest(TENANT, plan.flow(), null, Map.of("id", id), null, null));
    if (!(start instanceof Start.Accepted accepted)) {
      throw new IllegalStateException(id + " was not started: " + start);
    }
    ids.put(id, accepted.id());
  }

  @Override
  public void signal(String id) {
    CallbackOutcome outcome =
        engine.callback(callbacks.token(ids.get(id), "go"), Map.of("go", true), null);
    if (outcome != CallbackOutcome.ACCEPTED) {
      throw new IllegalStateException("the answer to " + id + " was " + outcome);
    }
  }

  @Override
  public Optional<String> version(String tenant, String flow) {
    return Optional.of(plan.version());
  }

  @Override
  public Optional<Plan> plan(String tenant, String flow, String version) {
    return Optional.of(plan);
  }

  @Override
  public List<Problem> check(String tenant, Plan checked, Object input) {
    return List.of();
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    hints.close();
    engine.close();
    pool.close();
  }
}
