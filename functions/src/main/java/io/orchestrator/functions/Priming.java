package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks through the code that every first request needs, so that a snapshot holds it loaded and
 * compiled. No ids, no I/O.
 */
final class Priming {
  private static final String FLOW =
      """
      flow: priming
      steps:
        - first: {adapter: a, action: b, params: {x: $input.x}}
        - conditional: {if: $first.ok == true, then: [{set: {y: 1}}]}
      """;

  private Priming() {}

  static void touch() {
    Map<String, KnownNames.Adapter> adapters =
        Map.of("a", new KnownNames.Adapter("b", Set.of("b")));
    FlowValidation validation =
        FlowValidation.validate(FLOW, new KnownNames(adapters, Map.of(), Set.of()));
    Json.read(Json.write(Map.of("valid", validation.valid(), "list", List.of(1L, "two"))));
  }
}
