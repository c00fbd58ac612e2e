package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/** What came back over the wire, before the definition's rules are applied. */
public sealed interface Reply {
  /**
   * The service answered.
   *
   * @param headers names in lower case
   * @param body data, or text if it is no JSON; null without
   */
  record Answered(int status, Map<String, Object> headers, Object body) implements Reply {
    /** What {@code $response} is in a definition. */
    Map<String, Object> toData() {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("status", (long) status);
      data.put("headers", headers);
      data.put("body", body);
      return data;
    }
  }

  /** There was no answer, or none that we take. */
  record Failed(Failure failure) implements Reply {}

  /** A plain success. */
  static Reply ok(Object body) {
    return new Answered(200, Map.of(), body);
  }
}
