package io.orchestrator.functions;

import io.orchestrator.store.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether this deployment can work. It says nothing about anybody's data. */
final class HealthResource {
  private final Wiring wiring;

  HealthResource(Wiring wiring) {
    this.wiring = wiring;
  }

  Reply get() {
    String database = database();
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("status", database.equals("up") ? "ok" : "unavailable");
    health.put("database", database);
    health.put("cache", cache());
    return Reply.json(database.equals("up") ? 200 : 503, health);
  }

  private String database() {
    try {
      wiring.stores().executions().now();
      return "up";
    } catch (StoreException away) {
      return "down";
    }
  }

  /** Without Redis everything still works, more slowly. */
  private String cache() {
    if (!wiring.cache().exists()) {
      return "none";
    }
    return wiring.cache().ask(redis -> redis.ping(), "").isEmpty() ? "down" : "up";
  }
}
