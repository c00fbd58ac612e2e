package io.orchestrator.catalog;

import io.orchestrator.adapter.guard.Forced;
import io.orchestrator.adapter.guard.ForcedCircuits;
import io.orchestrator.adapter.guard.Guarded;
import io.orchestrator.cache.CachedText;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.store.CircuitRows;
import io.orchestrator.store.StoreException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuits that the operators of tenants have opened. An order is seen by every process within
 * a second (two without Redis); a process reads all of a tenant's at once, at most once a second.
 */
public final class TenantCircuits implements ForcedCircuits {
  private static final Logger LOG = LoggerFactory.getLogger(TenantCircuits.class);
  private static final int TENANTS_MAX = 10_000;
  private static final Duration KEPT = Duration.ofSeconds(1);

  /** Of a tenant there is one text. */
  private static final String ALL = "all";

  private final CircuitRows rows;
  private final CachedText cache;
  private final Recent<String, Map<String, Forced>> recent = new Recent<>(TENANTS_MAX, KEPT);

  public TenantCircuits(CircuitRows rows, CachedText cache) {
    this.rows = rows;
    this.cache = cache;
  }

  @Override
  public Forced find(Guarded guarded) {
    return recent.get(guarded.tenant(), () -> readable(guarded.tenant())).get(guarded.adapter());
  }

  /** Opens the circuit of an adapter until it is released. */
  public void force(Guarded guarded, String reason, String by) {
    rows.force(guarded.tenant(), guarded.adapter(), reason, by);
    forget(guarded.tenant());
  }

  /** Lets its circuit be again what calls make of it. */
  public void release(Guarded guarded, String reason, String by) {
    rows.release(guarded.tenant(), guarded.adapter(), reason, by);
    forget(guarded.tenant());
  }

  private void forget(String tenant) {
    cache.forget(tenant, ALL);
    recent.forget(tenant);
  }

  /** A database that is away for a moment is no reason to fail calls that nobody has forbidden. */
  private Map<String, Forced> readable(String tenant) {
    try {
      return read(tenant);
    } catch (StoreException away) {
      LOG.warn("Which circuits of {} are forced open cannot be read now", tenant, away);
      return Map.of();
    }
  }

  private Map<String, Forced> read(String tenant) {
    Optional<Map<String, Forced>> cached = cache.get(tenant, ALL).flatMap(TenantCircuits::parsed);
    if (cached.isPresent()) {
      return cached.get();
    }
    Map<String, Forced> all = new LinkedHashMap<>();
    List<Object> data = new ArrayList<>();
    for (CircuitRows.Row row : rows.all(tenant)) {
      all.put(row.adapter(), new Forced(row.reason(), row.by(), row.since()));
      data.add(List.of(row.adapter(), row.reason(), row.by(), row.since().toString()));
    }
    cache.put(tenant, ALL, Json.write(data));
    return all;
  }

  private static Optional<Map<String, Forced>> parsed(String json) {
    try {
      Map<String, Forced> all = new LinkedHashMap<>();
      for (Object one : (List<?>) Json.readStored(json)) {
        List<?> row = (List<?>) one;
        Instant since = Instant.parse((String) row.get(3));
        all.put((String) row.get(0), new Forced((String) row.get(1), (String) row.get(2), since));
      }
      return Optional.of(all);
    } catch (JsonException | DateTimeException written) {
      return Optional.empty(); // by another version of this class
    }
  }
}
