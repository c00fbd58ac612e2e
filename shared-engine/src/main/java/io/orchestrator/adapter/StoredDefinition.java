package io.orchestrator.adapter;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The text of a definition in the registry: as it was written and, under a key that no author can
 * write, the actions that were made of its OpenAPI document when it was put there.
 */
public final class StoredDefinition {
  private static final String GENERATED = "$openapi";

  private StoredDefinition() {}

  /** As JSON. */
  public static String text(Map<String, Object> written, Map<String, Object> generated) {
    if (generated.isEmpty()) {
      return Json.write(written);
    }
    Map<String, Object> stored = new LinkedHashMap<>(written);
    stored.put(GENERATED, generated);
    return Json.write(stored);
  }

  /** What it is read from; null if the text is none of ours. */
  public static Source source(String json, String environment) {
    try {
      if (json == null || !(Json.readStored(json) instanceof Map<?, ?> map)) {
        return null;
      }
      Map<String, Object> written = Fields.strings(map);
      Object generated = written.remove(GENERATED);
      return new Source(
          written,
          generated instanceof Map<?, ?> actions ? Fields.strings(actions) : Map.of(),
          environment);
    } catch (JsonException broken) {
      return null;
    }
  }
}
