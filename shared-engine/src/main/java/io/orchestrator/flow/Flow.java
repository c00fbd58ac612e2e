package io.orchestrator.flow;

import java.util.List;
import java.util.Map;

/**
 * A flow as it was written, with bare names unresolved.
 *
 * @param document the whole text as a tree
 * @param version empty if the text has none
 * @param input normalised JSON Schema of the input; null if the text has none
 * @param vars null without
 * @param onError null without
 * @param output null without
 * @param timeout of an execution; null without
 * @param terms of its executions as a whole
 * @param tests what its author expects of it
 */
public record Flow(
    Document document,
    String name,
    String version,
    About about,
    List<Trigger> triggers,
    Map<String, Object> input,
    Syntax.Data vars,
    Map<String, Syntax.Body> define,
    List<Syntax.Step> steps,
    Syntax.Data output,
    Syntax.Handling onError,
    Syntax.Span timeout,
    WrittenTerms terms,
    List<FlowTest> tests) {

  /** What the catalog knows a flow by; empty where nothing is written. */
  public record About(
      String title, String description, String category, List<String> tags, String owner) {}
}
