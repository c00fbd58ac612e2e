package io.orchestrator.testing;

import io.orchestrator.flow.Compiled;
import io.orchestrator.flow.Compiler;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowReader;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problems;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans for tests, read and compiled from their text as a publisher would. */
public final class Flows {
  /** Adapters for those who do not care: the letters, and words that read well. */
  private static final List<String> ADAPTERS =
      List.of(
          "a",
          "b",
          "c",
          "d",
          "e",
          "f",
          "g",
          "h",
          "charge",
          "refund",
          "ship",
          "tell",
          "ask",
          "log_failure",
          "notify_admin",
          "fallback_to_manual");

  private Flows() {}

  /**
   * The plan of a text whose adapters are {@code a} to {@code h}, {@code charge}, {@code ship} and
   * the like.
   */
  public static Plan plan(String text) {
    return plan(text, ADAPTERS);
  }

  /** The plan of a text whose adapters are those. */
  public static Plan plan(String text, Collection<String> adapters) {
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    Flow flow = document == null ? null : FlowReader.read(document, problems);
    Compiled compiled =
        flow == null ? null : Compiler.compile(flow, names(adapters), "1.0.0", problems);
    if (compiled == null) {
      throw new IllegalArgumentException("the flow is wrong: " + problems.errors() + "\n" + text);
    }
    return compiled.plan();
  }

  private static KnownNames names(Collection<String> adapters) {
    Map<String, KnownNames.Adapter> known =
        adapters.stream()
            .collect(
                Collectors.toMap(
                    name -> name, name -> new KnownNames.Adapter("run", Set.of("run"))));
    return new KnownNames(known, Map.of(), Set.of("child"));
  }
}
