package io.orchestrator.execution;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An event of a tenant.
 *
 * @param key empty if it has none
 * @param receivedAt by the database's clock
 */
public record Occurrence(String id, String type, String key, Object data, Instant receivedAt) {
  /** What {@code $event} is. */
  public Map<String, Object> toData() {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("id", id);
    event.put("type", type);
    event.put("key", key);
    event.put("data", data);
    event.put("at", receivedAt.toString());
    return event;
  }
}
