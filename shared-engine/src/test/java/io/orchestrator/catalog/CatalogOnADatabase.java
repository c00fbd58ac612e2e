package io.orchestrator.catalog;

import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.cache.Cache;
import io.orchestrator.cache.CachedText;
import io.orchestrator.cache.Seal;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.EngineOptions;
import io.orchestrator.engine.Observer;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.store.DefinitionRows;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.TrialRows;
import io.orchestrator.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The real catalog and the real engine on a database, as a process of the product has them. */
final class CatalogOnADatabase implements AutoCloseable {
  static final String TENANT = "acme";
  private static final byte[] KEY =
      "a key of at least thirty-two characters".getBytes(StandardCharsets.US_ASCII);

  private final DataSource engineSource;
  private final FlowRows rows;
  private final Catalog catalog;
  private final Engine engine;

  CatalogOnADatabase(TestDatabase database) {
    DataSource api = database.api();
    this.engineSource = database.engine();
    this.rows = new FlowRows(api);
    this.catalog = catalog(api);
    this.engine =
        new Engine(
            catalog(engineSource),
            new PostgresExecutionStore(engineSource),
            call -> new Answer.Done(Map.of(), call.adapter()),
            new Engine.Outside(
                new Unheard(),
                Observer.NONE,
                new Callbacks(KEY, "http://127.0.0.1:1"),
                Engine.SlowCalls.NONE,
                Engine.Redis.in(Cache.NONE, KEY)),
            new EngineOptions("catalog-" + UUID.randomUUID(), true, true));
  }

  private static Catalog catalog(DataSource source) {
    return new Catalog(
        new FlowRows(source),
        new BuiltIns(),
        DefinitionRows.steps(source),
        new TrialRows(source),
        CachedText.plans(Cache.NONE, new Seal(KEY)));
  }

  /** As the API has it. */
  Catalog catalog() {
    return catalog;
  }

  FlowRows rows() {
    return rows;
  }

  Engine engine() {
    return engine;
  }

  DataSource engineSource() {
    return engineSource;
  }

  /** As the engine has it; another one each time, as of another process. */
  Catalog ofEngine() {
    return catalog(engineSource);
  }

  Publication create(String text) {
    return catalog.create(TENANT, draft(text, true));
  }

  Publication update(String flow, String text, boolean activate) {
    return catalog.update(TENANT, flow, FlowRows.ANY, draft(text, activate));
  }

  private static Draft draft(String text, boolean activate) {
    return new Draft(text.getBytes(StandardCharsets.UTF_8), "yaml", "ann", false, activate);
  }

  /** Hints that get lost. */
  private static final class Unheard implements Hints {
    @Override
    public int send(List<Outgoing> outgoing) {
      return outgoing.size();
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    engine.close();
  }
}
