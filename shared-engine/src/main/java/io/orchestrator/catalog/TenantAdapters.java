package io.orchestrator.catalog;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.HealthCheck;
import io.orchestrator.cache.CachedText;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.store.DefinitionRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
  private static final String NOTHING = "null";

  private final DefinitionRows rows;
  private final CachedText cache;
  private final Recent<Name, Optional<Definition>> recent = new Recent<>(KEPT_MAX, KEPT);

  private record Name(String tenant, String adapter) {}

  public TenantAdapters(DefinitionRows rows, CachedText cache) {
    this.rows = rows;
    this.cache = cache;
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
        definition(row.definition()).ifPresent(all::add);
      }
    } while (page.size() == PAGE);
    return all;
  }

  /** The stored definition with its revision; empty if there never was one. */
  public Optional<io.orchestrator.store.Definition> row(String tenant, String adapter) {
    return rows.get(tenant, adapter);
  }

  /**
   * Stores a definition that has been read without problems.
   *
   * @param expected the revision that it follows; 0 for a new one
   * @return the stored one; empty if another change was faster
   */
  public Optional<io.orchestrator.store.Definition> put(
      String tenant, Definition definition, int expected, String source, String by) {
    String name = definition.adapter();
    HealthCheck health = definition.safeguards().health();
    Optional<io.orchestrator.store.Definition> stored =
        rows.put(
            tenant,
            name,
            expected,
            Json.write(definition.data()),
            source,
            by,
            health == null ? null : health.every());
    cache.forget(tenant, name);
    recent.forget(new Name(tenant, name));
    return stored;
  }

  private Optional<Definition> read(String tenant, String adapter) {
    Optional<String> cached = cache.get(tenant, adapter);
    if (cached.isPresent()) {
      return definition(cached.get());
    }
    String stored =
        rows.get(tenant, adapter).map(io.orchestrator.store.Definition::definition).orElse(null);
    cache.put(tenant, adapter, stored == null ? NOTHING : stored);
    return definition(stored);
  }

  private static Optional<Definition> definition(String json) {
    try {
      if (json == null || !(Json.readStored(json) instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      Map<String, Object> data = new LinkedHashMap<>();
      map.forEach((key, value) -> data.put((String) key, value));
      return Optional.ofNullable(DefinitionReader.read(data).definition());
    } catch (JsonException broken) {
      return Optional.empty();
    }
  }
}
