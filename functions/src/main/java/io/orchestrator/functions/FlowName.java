package io.orchestrator.functions;

import io.orchestrator.catalog.Draft;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problems;
import java.util.Optional;

/**
 * The name that a text gives its flow, for the permission to be checked before anything else is
 * said about the text.
 */
final class FlowName {
  private FlowName() {}

  static Optional<String> of(Draft draft) {
    Document document = Document.read(draft.text(), new Problems());
    return document != null
            && document.root() instanceof Node.Mapping map
            && map.get("flow") instanceof Node.Scalar scalar
            && scalar.value() instanceof String name
        ? Optional.of(name)
        : Optional.empty();
  }
}
