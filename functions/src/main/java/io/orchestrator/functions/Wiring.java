package io.orchestrator.functions;

import io.orchestrator.access.Issuer;
import io.orchestrator.access.Tokens;
import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.DefinitionText;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.Guards;
import io.orchestrator.adapter.HealthProbe;
import io.orchestrator.adapter.builtin.BuiltInTypes;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.EgressDocuments;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.adapter.http.NameServer;
import io.orchestrator.adapter.iam.IamType;
import io.orchestrator.adapter.prompt.PromptServiceType;
import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.adapter.sandbox.SandboxType;
import io.orchestrator.archive.Archive;
import io.orchestrator.archive.FolderArchive;
import io.orchestrator.archive.S3Archive;
import io.orchestrator.cache.Cache;
import io.orchestrator.cache.CachedText;
import io.orchestrator.cache.Seal;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.Hooks;
import io.orchestrator.catalog.Templates;
import io.orchestrator.catalog.TenantAdapters;
import io.orchestrator.catalog.Timetable;
import io.orchestrator.engine.BulkWork;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.EngineOptions;
import io.orchestrator.engine.Host;
import io.orchestrator.engine.Settings;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.insight.Analytics;
import io.orchestrator.insight.Counting;
import io.orchestrator.queue.QueueName;
import io.orchestrator.queue.SqsHints;
import io.orchestrator.queue.SqsSender;
import io.orchestrator.store.DefinitionRows;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.TrialRows;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.MaskedLog;
import io.orchestrator.telemetry.Metrics;
import io.orchestrator.telemetry.OtlpSpans;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.webhook.Signatures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * The parts of a function, put together by plain constructors, each when it is first needed.
 * Connections are closed before a snapshot of the process is taken (SnapStart) and opened again at
 * their next use.
 */
final class Wiring implements Resource, AutoCloseable {
  private static final Duration QUICK_CALL_MAX = Duration.ofSeconds(10);

  static {
    Log.start();
  }

  private final Settings settings;
  private final InstantSource clock = InstantSource.system();
  private final Keyring keys;
  private final Stores stores;
  private final Cache cache;
  private final SqsSender sender;
  private final Metrics metrics;
  private final Spans spans;

  private final Lazy<Egress> egress = new Lazy<>(this::makeEgress);
  private final Lazy<Seal> seal = new Lazy<>(() -> new Seal(keys().callbackKey()));
  private final Lazy<TenantAdapters> ownAdapters = new Lazy<>(this::makeOwnAdapters);
  private final Lazy<Adapters> adapters = new Lazy<>(this::makeAdapters);
  private final Lazy<Definitions> definitions = new Lazy<>(this::makeDefinitions);
  private final Lazy<Guarding> guarding =
      new Lazy<>(() -> new Guarding(stores(), cache(), seal(), new CallsTold(metrics(), spans())));
  private final Lazy<Catalog> catalog = new Lazy<>(this::makeCatalog);
  private final Lazy<Hooks> hooks = new Lazy<>(() -> catalog().hooks());
  private final Lazy<Engine> engine = new Lazy<>(this::makeEngine);
  private final Lazy<Tokens> tokens = new Lazy<>(this::makeTokens);
  private final Lazy<Redelivery> redelivery = new Lazy<>(this::makeRedelivery);

  private Wiring(Settings settings, boolean serves) {
    this.settings = settings;
    this.keys = new Keyring(settings, clock);
    this.stores = new Stores(settings.database(), serves, keys);
    this.cache = Cache.at(settings.redisUrl());
    this.sender = new SqsSender(settings.queues().endpoint());
    boolean inLambda = !settings.functionName().isEmpty();
    this.metrics = inLambda ? new Metrics(System.out::println, clock) : Metrics.unread();
    this.spans = spans(settings);
    MaskedLog.install(settings.masking().rules(), settings.masking().fields());
    Core.getGlobalContext().register(this);
  }

  /**
   * For a function that serves requests: what it reads for a client, it reads as the API's role.
   */
  static Wiring serving(Map<String, String> environment) {
    return new Wiring(Settings.of(environment), true);
  }

  /** For a function that moves executions on. */
  static Wiring working(Map<String, String> environment) {
    return new Wiring(Settings.of(environment), false);
  }

  Settings settings() {
    return settings;
  }

  Keyring keys() {
    return keys;
  }

  Stores stores() {
    return stores;
  }

  Catalog catalog() {
    return catalog.get();
  }

  Hooks hooks() {
    return hooks.get();
  }

  HookResource hookResource() {
    Front front = front();
    HookGate gate = new HookGate(front, new Signatures(keys::lookup, clock));
    HookReply replies = new HookReply(stores.reads(), catalog());
    return new HookResource(front, hooks(), gate, engine(), replies);
  }

  /** The adapters that tenants have defined themselves. */
  TenantAdapters ownAdapters() {
    return ownAdapters.get();
  }

  /** All adapters that a tenant can use. */
  Definitions definitions() {
    return definitions.get();
  }

  /** Reads and keeps definitions for clients. */
  AdaptersResource adapterRegistry() {
    DefinitionText texts =
        new DefinitionText(new EgressDocuments(egress.get()), settings.environment());
    return new AdaptersResource(
        ownAdapters(),
        definitions(),
        adapterTypes().keySet(),
        texts,
        new FlowRows(stores.rows()).uses());
  }

  /** The road of every call. */
  Adapters adapters() {
    return adapters.get();
  }

  Engine engine() {
    return engine.get();
  }

  /** What stands before every call of an adapter. */
  Guards guards() {
    return guarding.get().guards();
  }

  AdapterHealthResource adapterHealth() {
    return new AdapterHealthResource(
        definitions(), stores.health(), guards(), guarding.get().orders(), clock);
  }

  HealthChecks healthChecks() {
    HealthProbe probe = new HealthProbe(new HttpType(egress.get()), keys::ofTenant, clock);
    return new HealthChecks(stores.healthToCheck(), definitions(), probe, metrics);
  }

  private Seal seal() {
    return seal.get();
  }

  Templates templates() {
    return new Templates(catalog(), DefinitionRows.templates(stores.rows()));
  }

  AuditResource audit() {
    return new AuditResource(stores.auditReads(), stores.auditVerification(), stores.auditRows());
  }

  Analytics analytics() {
    return new Analytics(stores.figures());
  }

  Counting counting() {
    return new Counting(stores.summary(), catalog());
  }

  /** Where histories go; null if nowhere. */
  Archive archive() {
    Settings.ArchiveStore store = settings.archive();
    if (!store.bucket().isEmpty()) {
      return new S3Archive(store.bucket(), null, clock);
    }
    return store.folder().isEmpty() ? null : new FolderArchive(Path.of(store.folder()));
  }

  Cache cache() {
    return cache;
  }

  Metrics metrics() {
    return metrics;
  }

  Spans spans() {
    return spans;
  }

  /** Ends an invocation: writes and sends what was gathered, for the process may be frozen now. */
  void tell() {
    metrics.flush();
    spans.flush();
  }

  SqsHints hints() {
    Map<QueueName, String> urls = new EnumMap<>(QueueName.class);
    urls.put(QueueName.STEP, settings.queues().step());
    urls.put(QueueName.SLOW, settings.queues().slow());
    urls.put(QueueName.RESUME, settings.queues().resume());
    return new SqsHints(sender, urls);
  }

  Hinted hinted() {
    return new Hinted(
        engine(),
        redelivery.get(),
        rounds(),
        spans,
        new BulkWork(stores.ordersToWork(), stores.readsForWork(), engine()));
  }

  Depths depths() {
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("step", settings.queues().step());
    urls.put("slow", settings.queues().slow());
    urls.put("resume", settings.queues().resume());
    return new Depths(sender, urls, metrics);
  }

  Rounds rounds() {
    Lazy<Timetable> timetable =
        new Lazy<>(() -> new Timetable(catalog(), stores.schedulesToAttend(), engine()));
    return new Rounds(new Sweeper(stores.sweeps(), hints()), timetable, metrics);
  }

  private Redelivery makeRedelivery() {
    Settings.Queues queues = settings.queues();
    return new Redelivery(
        queues.endpoint(), List.of(queues.step(), queues.slow(), queues.resume()));
  }

  Front front() {
    return new Front(
        tokens.get(),
        settings.identity().iamUrl(),
        new Denials(stores.auditRows(), metrics),
        spans);
  }

  /** The types of adapters that can be called here. */
  Map<String, AdapterType> adapterTypes() {
    Map<String, AdapterType> types = new LinkedHashMap<>();
    HttpType http = new HttpType(egress.get());
    types.put("http", http);
    BuiltInTypes.names().forEach(name -> types.put(name, http));
    types.put("iam", new IamType(http));
    types.put("prompt_service", new PromptServiceType(http));
    types.putAll(OwnWires.of(egress.get(), http, settings));
    if (settings.sandbox()) {
      types.put("sandbox", new SandboxType(egress.get()));
    }
    return types;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    Priming.touch();
    stores.close();
    cache.close();
    sender.close();
    keys.close();
    spans.close();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // Everything opens again when it is needed.
  }

  @Override
  public void close() {
    if (engine.ifMade() != null) {
      engine.ifMade().close();
    }
    if (tokens.ifMade() != null) {
      tokens.ifMade().close();
    }
    if (redelivery.ifMade() != null) {
      redelivery.ifMade().close();
    }
    closeEgress();
    stores.close();
    cache.close();
    sender.close();
    keys.close();
    spans.close();
  }

  private void closeEgress() {
    if (egress.ifMade() != null) {
      try {
        egress.ifMade().close();
      } catch (IOException e) {
        throw new IllegalStateException("the client of the adapters did not close", e);
      }
    }
  }

  /** The class that knows OpenTelemetry is loaded only if somebody listens. */
  private static Spans spans(Settings settings) {
    Settings.Telemetry telemetry = settings.telemetry();
    if (telemetry.endpoint().isEmpty()) {
      return Spans.NONE;
    }
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("service.name", telemetry.service());
    if (!settings.functionName().isEmpty()) {
      resource.put("cloud.provider", "aws");
      resource.put("cloud.platform", "aws_lambda");
      resource.put("faas.name", settings.functionName());
    }
    return new OtlpSpans(telemetry.endpoint(), telemetry.headers(), resource);
  }

  private Egress makeEgress() {
    return new Egress(NameServer.SYSTEM, AllowList.parse(settings.egressAllow()));
  }

  private TenantAdapters makeOwnAdapters() {
    return new TenantAdapters(
        DefinitionRows.adapters(stores.rows()),
        CachedText.adapters(cache, seal.get()),
        settings.environment());
  }

  private Definitions makeDefinitions() {
    return settings.sandbox() ? ownAdapters().or(new BuiltIns()) : ownAdapters();
  }

  private Catalog makeCatalog() {
    return new Catalog(
        new FlowRows(stores.rows()),
        definitions(),
        DefinitionRows.steps(stores.rows()),
        new TrialRows(stores.rows()),
        CachedText.plans(cache, seal.get()));
  }

  private Adapters makeAdapters() {
    return new Adapters(definitions(), adapterTypes(), keys::ofTenant, clock, guards());
  }

  private Engine makeEngine() {
    Callbacks callbacks = new Callbacks(keys.callbackKey(), settings.publicUrl());
    Engine.Outside outside =
        new Engine.Outside(
            hints(),
            spans.wanted() ? new Told(metrics).and(new Traced(spans)) : new Told(metrics),
            callbacks,
            new LiveDefinitions(definitions(), QUICK_CALL_MAX),
            Engine.Redis.in(cache, keys.callbackKey()));
    // Made after a restore: two processes of one snapshot must not share a name.
    String owner = "p-" + UUID.randomUUID();
    return new Engine(
        catalog(),
        stores.executions(),
        adapters()::call,
        outside,
        new EngineOptions(
            owner,
            settings.runAhead(),
            settings.slowCalls(),
            Host.JVM,
            settings.masking().rules()));
  }

  private Tokens makeTokens() {
    Settings.Identity identity = settings.identity();
    Issuer issuer =
        new Issuer(identity.issuer(), identity.audience(), identity.keys(), identity.claims());
    return new Tokens(issuer, clock);
  }
}
