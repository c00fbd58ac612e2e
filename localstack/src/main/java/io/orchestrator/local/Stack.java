package io.orchestrator.local;

import io.orchestrator.local.FunctionSpec.QueueTrigger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The running local stack: database, cache, queues, functions and HTTP API, started in that order
 * and stopped in reverse.
 */
public final class Stack implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Stack.class.getName());
  private static final String MIGRATION = "MigrateFunction";
  private static final int PROCESSES_MAX = 4;

  private final StackOptions options;
  private final Home home;
  private final Console console;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Map<String, FunctionHost> hosts = new LinkedHashMap<>();
  private Gateway gateway;
  private volatile StackOptions.Servers servers;
  private volatile EmbeddedPostgres postgres;
  private volatile LocalRedis redis;
  private volatile LocalQueues queues;
  private volatile boolean ready;
  private volatile boolean closed;

  private Stack(StackOptions options, Console console) {
    this.options = options;
    this.home = new Home(options.data());
    this.console = console;
  }

  /** Starts everything; what has started is stopped again if a part does not. */
  public static Stack start(StackOptions options, Console console) {
    Stack stack = of(options, console);
    stack.start();
    return stack;
  }

  /**
   * A stack that has not started yet, so that {@link #close} can be promised to a shutdown hook
   * first.
   */
  static Stack of(StackOptions options, Console console) {
    return new Stack(options, console);
  }

  void start() {
    try {
      startParts();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startParts() {
    Clock clock = Clock.systemUTC();
    StackLock lock = opened(StackLock.take(home));
    gateway = opened(Gateway.bind(options.port(), Issuer.of(home).jwks(), clock));
    if (options.fresh()) {
      boolean stopped = EmbeddedPostgres.stopLeftover(home);
      LOG.log(Level.DEBUG, "Stopped a leftover PostgreSQL: {0}", stopped);
      home.clear();
    }
    servers = options.servers() == null ? own() : others(options.servers());
    Template template =
        Template.read(
            options.template(),
            Surroundings.local(options.parameters(), queues.endpoint().toString(), gateway.url()));
    queues.create(template.queues());
    startFunctions(template);
    startTriggers(template, clock);
    installExamples(clock);
    lock.announce(gateway.url());
    console.line("  API       " + gateway.url());
    console.line("  Database  " + servers.jdbcUrl());
    console.line("  Redis     " + servers.redisUrl());
    console.line("  SQS       " + servers.sqs());
    ready = true;
    console.line("Ready " + gateway.url());
  }

  private StackOptions.Servers own() {
    startServers(new Ports(home));
    return new StackOptions.Servers(
        postgres.jdbcUrl(), EmbeddedPostgres.SUPERUSER, redis.url(), queues.endpoint());
  }

  private StackOptions.Servers others(StackOptions.Servers given) {
    queues = opened(LocalQueues.at(given.sqs()));
    return given;
  }

  /** Side by side, since each of them mostly waits. */
  private void startServers(Ports ports) {
    List<Callable<Object>> starts =
        List.of(
            () -> {
              long begin = System.nanoTime();
              postgres = opened(EmbeddedPostgres.start(home, ports));
              console.done(
                  "PostgreSQL on port "
                      + postgres.port()
                      + (postgres.adopted() ? " (was still running)" : ""),
                  begin);
              return postgres;
            },
            () -> {
              long begin = System.nanoTime();
              redis = opened(LocalRedis.start(home, ports));
              console.done(
                  "Redis on port " + redis.port() + " (" + redis.program().getFileName() + ")",
                  begin);
              return redis;
            },
            () -> {
              long begin = System.nanoTime();
              queues = opened(LocalQueues.start(ports));
              console.done("Queues on port " + queues.endpoint().getPort(), begin);
              return queues;
            });
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory())) {
      for (Future<Object> start : threads.invokeAll(starts)) {
        Object part = start.get();
        LOG.log(Level.DEBUG, "Started {0}", part);
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StackException known
          ? known
          : new StackException("A server did not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Stopped while it was starting.", e);
    }
  }

  private void startFunctions(Template template) {
    long begin = System.nanoTime();
    LocalEnvironment environment =
        new LocalEnvironment(home, servers, gateway, options.environment());
    environment.prepareSecrets();
    for (FunctionSpec spec : template.functions()) {
      FunctionSpec function = spec.with(environment.of(spec));
      hosts.put(
          function.id(),
          opened(
              options.hasProcesses(function.id())
                  ? ProcessHost.start(function, home, processesMax(function))
                  : InProcessHost.start(function)));
    }
    console.done(
        hosts.size()
            + " functions"
            + (options.processes().isEmpty()
                ? " in process"
                : options.processes().contains(StackOptions.ALL)
                    ? ", each in processes of its own"
                    : ", some in processes of their own"),
        begin);
    if (hosts.containsKey(MIGRATION)) {
      begin = System.nanoTime();
      migrate();
      console.done("Database migrated", begin);
    }
  }

  private static int processesMax(FunctionSpec function) {
    int configured =
        function.queues().stream().mapToInt(QueueTrigger::maximumConcurrency).max().orElse(0);
    return configured > 0 ? Math.min(configured, PROCESSES_MAX) : PROCESSES_MAX;
  }

  private void migrate() {
    try {
      hosts.get(MIGRATION).invoke(Map.of("RequestType", "Update"), Object.class);
    } catch (FunctionException e) {
      throw new StackException(
          "The database could not be migrated: "
              + e.getMessage().strip()
              + "\nIf the data in "
              + home.root()
              + " is from another version and can go, start with --fresh.",
          e);
    }
  }

  private void startTriggers(Template template, Clock clock) {
    for (FunctionHost host : hosts.values()) {
      for (QueueTrigger trigger : host.function().queues()) {
        opened(EventSource.start(queues.client(), queues.url(trigger.queue()), trigger, host));
      }
    }
    gateway.serve(new Routes(template.functions()), hosts);
    Schedules schedules = opened(new Schedules(clock));
    hosts.values().forEach(schedules::add);
  }

  private void installExamples(Clock clock) {
    Examples examples = new Examples(options.template());
    if (examples.files().isEmpty()) {
      return;
    }
    long begin = System.nanoTime();
    String token = issuer().token(Examples.TENANT, List.of("flow:admin"), "examples", clock);
    try (Client client = new Client(gateway.url(), token)) {
      examples.install(client, console, begin);
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    synchronized (started) {
      if (!closed) {
        started.push(part);
        return part;
      }
    }
    close(part);
    throw new StackException("Stopped while it was starting.");
  }

  public String url() {
    return gateway.url();
  }

  public String databaseUrl() {
    return servers.jdbcUrl();
  }

  /** The role that may do everything in the database. */
  public String databaseOwner() {
    return servers.owner();
  }

  /** The stack's own database; null if somebody else runs it. */
  public EmbeddedPostgres postgres() {
    return postgres;
  }

  /** The stack's own Redis; null if somebody else runs it. */
  public LocalRedis redis() {
    return redis;
  }

  public LocalQueues queues() {
    return queues;
  }

  public FunctionHost function(String id) {
    return hosts.get(id);
  }

  public Issuer issuer() {
    return Issuer.of(home);
  }

  /**
   * Stops all parts, the last started first; a part that fails to stop does not keep the others.
   */
  @Override
  public void close() {
    synchronized (started) {
      closed = true;
      for (AutoCloseable part : started) { // all at once: each may have work to bring to its end
        if (part instanceof EventSource source) {
          source.stop();
        }
      }
      while (!started.isEmpty()) {
        close(started.pop());
      }
    }
    if (ready) {
      ready = false;
      console.line("Stopped.");
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "Could not stop " + part.getClass().getSimpleName(), e);
    }
  }
}
