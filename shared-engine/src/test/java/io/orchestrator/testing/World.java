package io.orchestrator.testing;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.cache.Cache;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.EngineOptions;
import io.orchestrator.engine.ExecutionView;
import io.orchestrator.engine.Listener;
import io.orchestrator.engine.Observer;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.execution.Execution;
import io.orchestrator.flow.Compiled;
import io.orchestrator.flow.Compiler;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowReader;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Trigger;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.InProcessHints;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** An embedded engine over a store, with services that a test plays itself. */
public final class World implements AutoCloseable {
  public static final String TENANT = "acme";
  private static final byte[] KEY =
      "a key for callbacks in tests only".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Plan> plans = new ConcurrentHashMap<>();
  private final Map<String, Function<AdapterCall, Answer>> services = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<AdapterCall> calls =
      java.util.Collections.synchronizedList(new java.util.ArrayList<>());
  private final InProcessHints hints;
  private final Callbacks callbacks = new Callbacks(KEY, "http://127.0.0.1:1");
  private final ExecutionStore store;
  private final Engine engine;

  public World(ExecutionStore store) {
    this(store, new EngineOptions("world-" + UUID.randomUUID(), true, true));
  }

  public World(ExecutionStore store, EngineOptions options) {
    this(store, options, false);
  }

  private World(ExecutionStore store, EngineOptions options, boolean deaf) {
    this.store = store;
    this.hints =
        new InProcessHints(
            (queue, hint) -> {
              if (!deaf) {
                advance(hint);
              }
            },
            64);
    this.engine =
        new Engine(
            new Published(),
            store,
            this::call,
            new Engine.Outside(
                hints,
                Observer.NONE,
                callbacks,
                Engine.SlowCalls.NONE,
                Engine.Redis.in(Cache.NONE, KEY)),
            options);
  }

  private void advance(Hint hint) {
    engine.advance(hint, Duration.ofMinutes(1));
  }

  private final class Published implements PlanSource {
    @Override
    public Optional<String> version(String tenant, String flow) {
      return Optional.ofNullable(plans.get(flow)).map(Plan::version);
    }

    @Override
    public Optional<Plan> plan(String tenant, String flow, String version) {
      return Optional.ofNullable(plans.get(flow));
    }

    @Override
    public List<Listener> listeners(String tenant, String topic) {
      return listeners.stream().filter(listener -> topic.equals(topic(listener))).toList();
    }

    private static String topic(Listener listener) {
      return switch (listener.trigger()) {
        case Trigger.Occurrence event -> Listener.event(event.type());
        case Trigger.Completion end -> Listener.completed(end.flow());
        case Trigger.Webhook ignored -> "";
        case Trigger.Schedule ignored -> "";
      };
    }

    @Override
    public List<Problem> check(String tenant, Plan plan, Object input) {
      return List.of();
    }
  }

  private Answer call(AdapterCall call) {
    calls.add(call);
    Function<AdapterCall, Answer> service = services.get(call.adapter());
    return service == null
        ? new Answer.Done(Map.of("ok", true), call.adapter())
        : service.apply(call);
  }

  /** Publishes a flow, every adapter that it names being known. */
  public Plan publish(String text, String... adapters) {
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    Flow flow = FlowReader.read(document, problems);
    Map<String, KnownNames.Adapter> known =
        List.of(adapters).stream()
            .collect(
                Collectors.toMap(
                    name -> name, name -> new KnownNames.Adapter("run", Set.of("run"))));
    Compiled compiled =
        Compiler.compile(flow, new KnownNames(known, Map.of(), plans.keySet()), "1.0.0", problems);
    if (compiled == null) {
      throw new IllegalArgumentException("the flow is wrong: " + problems.errors());
    }
    plans.put(flow.name(), compiled.plan());
    flow.triggers().forEach(trigger -> listeners.add(new Listener(flow.name(), trigger)));
    return compiled.plan();
  }

  /** Another process over the same data, with the same flows, whose hints all get lost. */
  public World withoutHints() {
    World deaf = new World(store, new EngineOptions("deaf-" + UUID.randomUUID(), true, true), true);
    return deaf.sharing(this);
  }

  /** With the flows of another one. */
  public World sharing(World other) {
    plans.putAll(other.plans);
    listeners.addAll(other.listeners);
    return this;
  }

  /** Plays a service. */
  public World service(String adapter, Function<AdapterCall, Answer> answer) {
    services.put(adapter, answer);
    return this;
  }

  /** Starts a flow. */
  public UUID start(String flow, Object input) {
    return switch (engine.start(new StartRequest(TENANT, flow, null, input, null, null))) {
      case Start.Accepted accepted -> accepted.id();
      case Start.Repeated repeated -> repeated.id();
      case Start.KeyReused ignored -> throw new IllegalStateException("key reused");
      case Start.NoSuchFlow none -> throw new IllegalStateException(none.why());
      case Start.NoRoom none -> throw new IllegalStateException("no room beside " + none.limit());
      case Start.BadInput bad -> throw new IllegalStateException(bad.problems().toString());
    };
  }

  /** The execution as it is stored, which is what its history adds up to. */
  public ExecutionView view(UUID id) {
    return engine.find(TENANT, id).orElseThrow();
  }

  public String status(UUID id) {
    return view(id).execution().status().text();
  }

  /** An execution when it has ended. */
  public Execution ended(UUID id) {
    looking().until(() -> view(id).execution().status().isFinal());
    return view(id).execution();
  }

  /** An execution when it has that status. */
  public Execution reaches(UUID id, String status) {
    looking().until(() -> status(id).equals(status));
    return view(id).execution();
  }

  private static ConditionFactory looking() {
    return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  /** The calls that were made, in order. */
  public List<AdapterCall> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  public List<String> called() {
    return calls().stream().map(AdapterCall::adapter).toList();
  }

  public Engine engine() {
    return engine;
  }

  public ExecutionStore store() {
    return store;
  }

  public String token(UUID id, String path) {
    return callbacks.token(id, path);
  }

  /** What a step asks people. */
  public Events.Approval approval(UUID id, String path) {
    return store.events().approval(callbacks.approval(id, path)).orElseThrow();
  }

  /** The token that a later attempt of a step was given. */
  public String token(UUID id, String path, int attempt) {
    return callbacks.token(id, path) + "." + attempt;
  }

  /** Hands a hint to the engine, as a queue would. */
  public void hint(UUID id, int revision, Hint.Kind kind) {
    advance(new Hint(TENANT, id, revision, kind));
  }

  @Override
  public void close() {
    hints.close();
    engine.close();
  }
}
