package io.orchestrator.adapter;

import java.util.LinkedHashMap;
import java.util.Map;

/** The key under which a step's params tell a sandbox what to do. */
public final class Script {
  /** The key. */
  public static final String KEY = "$sandbox";

  /** The type of adapter that reads it. */
  static final String TYPE = "sandbox";

  private Script() {}

  /** The params that are left for the action. */
  public static Map<String, Object> without(Map<?, ?> params) {
    Map<String, Object> rest = new LinkedHashMap<>();
    params.forEach(
        (key, value) -> {
          if (!KEY.equals(key)) {
            rest.put((String) key, value);
          }
        });
    return rest;
  }
}
