package io.orchestrator.simulation;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problems;
import io.orchestrator.generator.RandomFlow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** Trees as the texts that a user would write. */
final class FlowText {
  private static final Map<String, KnownNames.Adapter> ADAPTERS =
      List.of("a", "b", "c", "d", "g", "ask").stream()
          .collect(
              Collectors.toMap(name -> name, name -> new KnownNames.Adapter("run", Set.of("run"))));

  static final String INVALID = "it is not valid: ";

  private FlowText() {}

  /** All of a bundle, one after the other. */
  static String yaml(Map<String, Object> bundle) {
    return bundle.values().stream().map(FlowText::text).collect(Collectors.joining("---\n"));
  }

  private static String text(Object tree) {
    return new Dump(DumpSettings.builder().build()).dumpToString(tree);
  }

  /** The trees of texts by the names of their flows. */
  static Map<String, Object> bundle(String... texts) {
    Map<String, Object> bundle = new LinkedHashMap<>();
    for (String text : texts) {
      Problems problems = new Problems();
      Map<?, ?> tree = (Map<?, ?>) Document.read(text, problems).data();
      if (!problems.none()) {
        throw new AssertionError(INVALID + problems.errors());
      }
      bundle.put((String) tree.get("flow"), tree);
    }
    return bundle;
  }

  /** The plans of a bundle by name; each must be valid, and as JSON the same as as YAML. */
  static Map<String, Plan> plans(Map<String, Object> bundle) {
    Map<String, Plan> plans = new LinkedHashMap<>();
    if (!bundle.containsKey(RandomFlow.ROOT)) {
      throw new AssertionError(INVALID + "nobody knows which flow is started");
    }
    bundle.forEach((name, tree) -> plans.put(name, plan(tree, bundle.keySet())));
    return plans;
  }

  private static Plan plan(Object tree, Set<String> flows) {
    FlowValidation validation =
        FlowValidation.validate(text(tree), new KnownNames(ADAPTERS, Map.of(), flows));
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
