package io.orchestrator.simulation;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problems;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** A tree as the texts that a user would write. */
final class FlowText {
  private static final KnownNames NAMES =
      new KnownNames(
          List.of("a", "b", "c", "d", "g", "ask").stream()
              .collect(
                  Collectors.toMap(
                      name -> name, name -> new KnownNames.Adapter("run", Set.of("run")))),
          Map.of(),
          Set.of());

  static final String INVALID = "it is not valid: ";

  private FlowText() {}

  static String yaml(Map<String, Object> tree) {
    return new Dump(DumpSettings.builder().build()).dumpToString(tree);
  }

  /** The plan of a tree, which must be valid, and the same read as JSON as read as YAML. */
  static Plan plan(Map<String, Object> tree) {
    String yaml = yaml(tree);
    FlowValidation validation = FlowValidation.validate(yaml, NAMES);
    if (!validation.valid()) {
      throw new AssertionError(INVALID + validation.errors());
    }
    Problems problems = new Problems();
    Document json = Document.read(Json.write(tree), problems);
    if (!problems.none() || !json.data().equals(validation.flow().document().data())) {
      throw new AssertionError("as JSON it is another one: " + problems.errors());
    }
    return validation.compiled().plan();
  }
}
