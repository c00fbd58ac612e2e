package io.orchestrator.catalog;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.HealthCheck;
import io.orchestrator.adapter.Source;
import io.orchestrator.adapter.StoredDefinition;
import io.orchestrator.cache.CachedText;
import io.orchestrator.store.DefinitionRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The adapters that tenants have defined. A change is seen by every process within a second (two
 * without Redis).
 */
public final class TenantAdapters implements Definitions {
  private static final int PAGE = 100;
  private static final int KEPT_MAX = 10_000;
  private static final Duration KEPT = Duration.ofSeconds(1);
  private static final Duration PARSED_KEPT = Duration.ofMinutes(1);
  private static final int PARSED_MAX = 200;
  private static final String NOTHING = "null";

  private final DefinitionRows rows;
  private final CachedText cache;
  private final Recent<Name, Optional<Definition>> recent = new Recent<>(KEPT_MAX, KEPT);

  /** Reading a text, and compiling its schemas, is more work than seeing that it is the same. */
  private final Recent<String, Optional<Definition>> parsed = new Recent<>(PARSED_MAX, PARSED_KEPT);

  private final String environment;

  private record Name(String tenant, String adapter) {}

  /** In a deployment without a name. */
  public TenantAdapters(DefinitionRows rows, CachedText cache) {
    this(rows, cache, "");
  }

  /**
   * @param environment whose parts of the definitions count
   */
  public TenantAdapters(DefinitionRows rows, CachedText cache, String environment) {
    this.rows = rows;
    this.cache = cache;
    this.environment = environment;
  }

  @Override
  public Definition find(String tenant, String adapter) {
    return recent.get(new Name(tenant, adapter), () -> read(tenant, adapter)).orElse(null);
  }

  @Override
  public Collection<Definition> all(String tenant) {
    List<Definition> all = new ArrayList<>();
    String after = "";
    List<io.orchestrator.store.Definition> page;
    do {
      page = rows.list(tenant, after, PAGE);
      for (io.orchestrator.store.Definition row : page) {
        after = row.name();
        parsed(row.definition()).ifPresent(all::add);
      }
    } while (page.size() == PAGE);
    return all;
  }

  /** The stored definition with its revision; empty if there never was one. */
  public Optional<io.orchestrator.store.Definition> row(String tenant, String adapter) {
    return rows.get(tenant, adapter);
  }

  /** A certain revision of it. */
  public Optional<io.orchestrator.store.Definition> row(
      String tenant, String adapter, int revision) {
    return rows.get(tenant, adapter, revision);
  }

  /** Its revisions below that one, the newest first. */
  public List<io.orchestrator.store.Definition> revisions(
      String tenant, String adapter, int below, int limit) {
    return rows.revisions(tenant, adapter, below, limit);
  }

  /** What a stored revision says in this deployment; null if it ends the adapter. */
  public Definition read(io.orchestrator.store.Definition row) {
    return parsed(row.definition()).orElse(null);
  }

  /**
   * Stores a definition that has been read without problems.
   *
   * @param stored its text, as {@link io.orchestrator.adapter.StoredDefinition} has it
   * @param expected the revision that it follows; 0 for a new one
   * @return the stored one; empty if another change was faster
   */
  public Optional<io.orchestrator.store.Definition> put(
      String tenant, Definition definition, String stored, int expected, String source, String by) {
    String name = definition.adapter();
    HealthCheck health = definition.safeguards().health();
    Duration every = health == null ? null : health.every();
    try {
      return rows.put(tenant, name, expected, stored, source, by, every);
    } finally {
      forget(tenant, name);
    }
  }

  /** The same of one whose actions all stand in its text. */
  public Optional<io.orchestrator.store.Definition> put(
      String tenant, Definition definition, int expected, String source, String by) {
    String stored = StoredDefinition.text(definition.data(), Map.of());
    return put(tenant, definition, stored, expected, source, by);
  }

  /**
   * Ends it.
   *
   * @param expected its newest revision
   * @return the revision that ends it; empty if another change was faster
   */
  public Optional<io.orchestrator.store.Definition> delete(
      String tenant, String name, int expected, String by) {
    try {
      return rows.delete(tenant, name, expected, by);
    } finally {
      forget(tenant, name);
    }
  }

  private void forget(String tenant, String name) {
    cache.forget(tenant, name);
    recent.forget(new Name(tenant, name));
  }

  private Optional<Definition> read(String tenant, String adapter) {
    Optional<String> cached = cache.get(tenant, adapter);
    if (cached.isPresent()) {
      return parsed(cached.get());
    }
    String stored =
        rows.get(tenant, adapter).map(io.orchestrator.store.Definition::definition).orElse(null);
    cache.putNew(tenant, adapter, stored == null ? NOTHING : stored);
    return parsed(stored);
  }

  private Optional<Definition> parsed(String json) {
    return json == null ? Optional.empty() : parsed.get(json, () -> definition(json));
  }

  private Optional<Definition> definition(String json) {
    Source source = StoredDefinition.source(json, environment);
    return source == null
        ? Optional.empty()
        : Optional.ofNullable(DefinitionReader.read(source).definition());
  }
}
