package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;

/** Whether a case of a switch is the one for a value. */
final class Fitting {
  private Fitting() {}

  /**
   * A text must be the label itself; anything else must be equal, as the language sees it, to what
   * the label says as JSON: {@code 1.0} is {@code '1'}.
   */
  static boolean fits(String label, Object value) {
    if (value instanceof String text) {
      return text.equals(label);
    }
    try {
      return Json.canonical(Json.read(label)).equals(Json.canonical(value));
    } catch (JsonException e) {
      return false; // it is a text, and the value is none
    }
  }
}
