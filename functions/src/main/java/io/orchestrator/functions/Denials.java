package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.store.AuditEntry;
import io.orchestrator.store.AuditRows;
import io.orchestrator.store.StoreException;
import io.orchestrator.telemetry.Metrics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was not let through. A known caller's denial goes to the audit trail, the same one once a
 * minute with how often it happened; requests without a valid token are only counted, for anybody
 * can send any number of them. Safe for use by many threads.
 */
final class Denials {
  private static final Logger LOG = LoggerFactory.getLogger(Denials.class);
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int REMEMBERED_MAX = 1_000;

  private final AuditRows audit;
  private final Metrics metrics;
  private final Map<Denial, Told> told =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Denial, Told> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record Denial(String tenant, String actor, Route route, String permission) {}

  /**
   * @param since when it was told last
   * @param untold how often it happened since
   */
  private record Told(long since, long untold) {}

  Denials(AuditRows audit, Metrics metrics) {
    this.audit = audit;
    this.metrics = metrics;
  }

  /** Somebody without a valid token. */
  void unknown() {
    metrics.count("Unauthorized", 1, Map.of());
  }

  /** A request to a webhook of which nobody knows whose it is. */
  void unverified(Route route, Map<String, String> path) {
    metrics.count("Unauthorized", 1, Map.of());
    tell(path.get("tenant"), "webhook:" + path.get("path"), route, path, "signature");
  }

  /** A caller who lacks a permission. The trail being away does not let them through. */
  void known(Caller caller, Route route, Map<String, String> path, String permission) {
    metrics.count("Forbidden", 1, Map.of());
    tell(caller.tenant(), caller.subject(), route, path, permission);
  }

  private void tell(
      String tenant, String actor, Route route, Map<String, String> path, String permission) {
    long times = times(new Denial(tenant, actor, route, permission), System.nanoTime());
    if (times == 0) {
      return;
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("route", route.toString());
    details.put("permission", permission);
    details.put("path", new LinkedHashMap<>(path));
    details.put("times", times);
    try {
      audit.append(
          new AuditEntry(
              tenant, actor, route.action(), "route:" + route, AuditEntry.Outcome.DENIED, details));
    } catch (StoreException away) {
      LOG.warn("A denial of {} for {} is not in the audit trail", route, actor, away);
    }
  }

  /** How many denials are to be told now, this one among them; 0: none yet. */
  private synchronized long times(Denial denial, long now) {
    Told last = told.get(denial);
    if (last != null && now - last.since < PAUSE_NANOS) {
      told.put(denial, new Told(last.since, last.untold + 1));
      return 0;
    }
    told.put(denial, new Told(now, 0));
    return last == null ? 1 : last.untold + 1;
  }
}
