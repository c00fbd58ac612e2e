package io.orchestrator.catalog;

import io.orchestrator.adapter.Definitions;
import io.orchestrator.cache.CachedText;
import io.orchestrator.engine.Listener;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.execution.Execution;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Names;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.DefinitionRows;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.TrialRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The flows of the tenants: what they are now, and the plans of what they were. Safe for use by
 * many threads.
 */
public final class Catalog implements PlanSource {
  private static final Duration ROUTE_KEPT = Duration.ofSeconds(1);
  private static final Duration PLAN_KEPT = Duration.ofHours(1);
  private static final int PLANS_MAX = 500;
  private static final int ROUTES_MAX = 10_000;

  private final FlowRows rows;
  private final Definitions adapters;
  private final Library library;
  private final Trials trials;
  private final CachedText cache;
  private final Recent<Key, Published> plans = new Recent<>(PLANS_MAX, PLAN_KEPT);
  private final Recent<Key, Boolean> listened = new Recent<>(ROUTES_MAX, ROUTE_KEPT);
  private final Recent<Key, Routing> routes = new Recent<>(ROUTES_MAX, ROUTE_KEPT);

  /** {@code version} is empty where the flow itself is meant. */
  private record Key(String tenant, String flow, String version) {}

  /**
   * @param steps the step libraries
   * @param trials counts there what ends, by the engine's role
   */
  public Catalog(
      FlowRows rows,
      Definitions adapters,
      DefinitionRows steps,
      TrialRows trials,
      CachedText cache) {
    this.rows = rows;
    this.adapters = adapters;
    this.library = new Library(this, steps, rows.uses());
    this.trials = new Trials(this, trials);
    this.cache = cache;
  }

  /** The steps that flows share. */
  public Library library() {
    return library;
  }

  /** Which versions starts take. */
  public Routes routes() {
    return new Routes(this, rows);
  }

  /** The versions that some starts take, and how they do. */
  public Trials trials() {
    return trials;
  }

  /** Who listens to webhooks. */
  public Hooks hooks() {
    return new Hooks(this, rows);
  }

  /** Everything that can be said of a text; keeps nothing. */
  public FlowValidation validate(String tenant, byte[] text) {
    return FlowValidation.validate(text, names(tenant, library.bodies(tenant)));
  }

  /** The names of a tenant with that step library. */
  Names names(String tenant, Map<String, Object> steps) {
    return TenantNames.of(tenant, adapters, steps, rows);
  }

  /** Publishes a new flow, or keeps its first draft. */
  public Publication create(String tenant, Draft draft) {
    return new Publisher(this, rows, tenant, draft).create();
  }

  /**
   * Publishes a flow's next version, or keeps a draft of it; a flow that is not there yet is made.
   *
   * @param expected the flow's revision; {@link FlowRows#ANY} for whatever it is, 0 for none
   */
  public Publication update(String tenant, String flow, int expected, Draft draft) {
    Publication publication = new Publisher(this, rows, tenant, draft).update(flow, expected);
    forget(tenant, flow);
    return publication;
  }

  /** The route of a flow has changed here; other processes look again within a second. */
  void forget(String tenant, String flow) {
    routes.forget(new Key(tenant, flow, ""));
  }

  /** A flow that is not retired. */
  public Optional<FlowRow> get(String tenant, String flow) {
    return rows.get(tenant, flow).filter(row -> !row.isRetired());
  }

  /** A flow, also a retired one: its history stays. */
  public Optional<FlowRow> ever(String tenant, String flow) {
    return rows.get(tenant, flow);
  }

  /** Versions, the newest first, from the one before that ordinal. */
  public List<FlowRow.Version> versions(String tenant, String flow, int before, int limit) {
    return rows.versions(tenant, flow, before, limit);
  }

  /** A version with its text. */
  public Optional<FlowRow.Version> text(String tenant, String flow, String version) {
    return rows.version(tenant, flow, version);
  }

  @Override
  public Optional<String> version(String tenant, String flow) {
    return routing(tenant, flow).map(Routing::stable);
  }

  @Override
  public Optional<String> version(StartRequest start, UUID execution) {
    return routing(start.tenant(), start.flow())
        .map(routing -> routing.version(start.input(), start.trigger(), execution));
  }

  /**
   * The route, at most a second old. That there is no such flow is not kept: it may be published
   * the next moment, here or by another process.
   */
  private Optional<Routing> routing(String tenant, String flow) {
    Key key = new Key(tenant, flow, "");
    return Optional.ofNullable(
        routes.get(
            key,
            () ->
                get(tenant, flow)
                    .map(Routing::of)
                    .filter(routing -> routing.stable() != null)
                    .orElse(null)));
  }

  @Override
  public void ended(String flow, String version, Execution execution) {
    trials.ended(flow, version, execution);
  }

  @Override
  public Optional<Plan> plan(String tenant, String flow, String version) {
    return published(tenant, flow, version).map(Published::plan);
  }

  @Override
  public List<Problem> check(String tenant, Plan plan, Object input) {
    return published(tenant, plan.flow(), plan.version())
        .map(version -> version.misfits(input))
        .orElse(List.of());
  }

  @Override
  public boolean mayListen(String tenant, String topic) {
    String flow = topic.substring(topic.indexOf(':') + 1);
    return listened.get(new Key(tenant, topic, ""), () -> rows.mayListen(tenant, topic, flow));
  }

  @Override
  public List<Listener> listeners(String tenant, String topic) {
    List<Listener> found = new ArrayList<>();
    for (FlowRows.Listening listening : rows.listeners(tenant, topic)) {
      for (Trigger trigger :
          published(tenant, listening.flow(), listening.version())
              .map(Published::triggers)
              .orElse(List.of())) {
        boolean meant =
            switch (trigger) {
              case Trigger.Occurrence event -> topic.equals(Listener.event(event.type()));
              case Trigger.Completion end -> topic.equals(Listener.completed(end.flow()));
              case Trigger.Webhook ignored -> false;
              case Trigger.Schedule ignored -> false;
            };
        if (meant) {
          found.add(new Listener(listening.flow(), trigger));
        }
      }
    }
    return List.copyOf(found);
  }

  /** A published version; it never changes, so it is kept as long as there is room. */
  public Optional<Published> published(String tenant, String flow, String version) {
    return Optional.ofNullable(
        plans.get(new Key(tenant, flow, version), () -> read(tenant, flow, version)));
  }

  private Published read(String tenant, String flow, String version) {
    String name = flow + "/" + version;
    Optional<Published> cached = cache.get(tenant, name).map(text -> fromCache(text, version));
    if (cached.isPresent()) {
      return cached.get();
    }
    Optional<FlowRow.Version> row = rows.version(tenant, flow, version);
    row.ifPresent(found -> cache.put(tenant, name, toCache(found)));
    return row.map(found -> Published.of(found.source(), Published.bindings(found.plan()), version))
        .orElse(null);
  }

  private static String toCache(FlowRow.Version version) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("source", version.source());
    text.put("plan", version.plan());
    return Json.write(text);
  }

  /** Null for what is not of this shape: written by another version of this code. */
  private static Published fromCache(String text, String version) {
    try {
      return Json.readStored(text) instanceof Map<?, ?> map
              && map.get("source") instanceof String source
              && map.get("plan") instanceof String plan
          ? Published.of(source, Published.bindings(plan), version)
          : null;
    } catch (JsonException | IllegalStateException | ClassCastException stale) {
      return null;
    }
  }

  static String text(Draft draft) {
    return new String(draft.text(), StandardCharsets.UTF_8);
  }
}
