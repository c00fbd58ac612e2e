package io.orchestrator.flow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that can be said of a text before it runs.
 *
 * @param flow null if the text is not valid
 * @param compiled null if the text is not valid
 * @param graph its steps and what follows what, as far as that can be told of a text that is not
 *     valid; without nodes if it cannot be read
 */
public record FlowValidation(
    List<Problem> errors,
    List<Problem> warnings,
    Flow flow,
    Compiled compiled,
    Map<String, Object> graph) {
  /** The version that a plan has which nobody publishes. */
  private static final String DRAFT = "0.0.0-draft";

  /** Looks at bytes, strictly UTF-8. */
  public static FlowValidation validate(byte[] utf8, Names names) {
    Problems problems = new Problems();
    return of(Document.read(utf8, problems), names, problems);
  }

  /** Looks at a text. */
  public static FlowValidation validate(String text, Names names) {
    Problems problems = new Problems();
    return of(Document.read(text, problems), names, problems);
  }

  private static FlowValidation of(Document document, Names names, Problems problems) {
    Flow flow = document == null ? null : FlowReader.read(document, problems);
    Compiled compiled = null;
    if (flow != null) {
      Checker.check(flow, names, problems);
      compiled =
          Compiler.compile(
              flow, names, flow.version().isEmpty() ? DRAFT : flow.version(), problems);
      compiled = tested(flow, compiled, problems);
    }
    return new FlowValidation(
        first(problems.errors()),
        first(problems.warnings()),
        compiled == null ? null : flow,
        compiled,
        compiled == null ? Compiler.sketch(flow, names) : Graph.of(compiled.plan()));
  }

  /** What was compiled, unless the tests speak of something that is not there. */
  private static Compiled tested(Flow flow, Compiled compiled, Problems problems) {
    if (compiled != null) {
      TestCheck.check(compiled.plan(), flow.tests(), problems);
    }
    return problems.none() ? compiled : null;
  }

  private static List<Problem> first(List<Problem> problems) {
    return problems.subList(0, Math.min(problems.size(), FlowLimits.PROBLEMS_MAX));
  }

  /** Whether it can be published. */
  public boolean valid() {
    return compiled != null;
  }

  /** The answer as plain data: {@code {valid, errors, warnings, graph}}. */
  public Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("valid", valid());
    data.put("errors", errors.stream().<Object>map(Problem::data).toList());
    data.put("warnings", warnings.stream().<Object>map(Problem::data).toList());
    data.put("graph", graph);
    return data;
  }
}
