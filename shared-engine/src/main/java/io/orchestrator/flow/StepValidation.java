package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that can be said of a step of the library before a flow uses it.
 *
 * @param body as plain data; null if the text is not valid
 * @param bindings what its names mean now; empty if the text is not valid
 */
public record StepValidation(
    List<Problem> errors, List<Problem> warnings, Object body, Map<String, Object> bindings) {
  private static final String VERSION = "0.0.0-step";

  /** The id of the one step beside it, which nobody would think of. */
  private static final String BESIDE = "a_step_beside_the_one_of_the_library";

  /** Looks at the body of a step, strictly UTF-8. */
  public static StepValidation validate(String name, byte[] utf8, Names names) {
    Problems problems = new Problems();
    Document text = Document.read(utf8, problems);
    if (text == null) {
      return new StepValidation(problems.errors(), List.of(), null, Map.of());
    }
    Flow flow = FlowReader.read(around(name, text.root()), problems);
    if (!problems.none()) {
      return new StepValidation(problems.errors(), problems.warnings(), null, Map.of());
    }
    Checker.check(flow, names, problems);
    Problems named = new Problems();
    Compiled compiled = Compiler.compile(flow, names, VERSION, named);
    List<Problem> errors = new ArrayList<>(named.errors());
    problems.errors().stream().filter(problem -> !isOfTheFlow(problem)).forEach(errors::add);
    boolean valid = errors.isEmpty();
    return new StepValidation(
        errors.stream().distinct().toList(),
        problems.warnings(),
        valid ? text.data() : null,
        valid ? compiled.bindings() : Map.of());
  }

  /** A flow that defines the step and does nothing; its parts keep the places of their own text. */
  private static Document around(String name, Node body) {
    Node.Mapping nothing = map(Map.of("set", map(Map.of("nothing", scalar(true)))));
    Map<String, Node> flow = new LinkedHashMap<>();
    flow.put("flow", scalar("library"));
    flow.put("define", map(Map.of(name, body)));
    flow.put("steps", new Node.Sequence(Spot.START, List.of(map(Map.of(BESIDE, nothing)))));
    return new Document(map(flow));
  }

  private static Node.Mapping map(Map<String, ? extends Node> nodes) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    nodes.forEach((key, node) -> entries.put(key, new Node.Entry(node.spot(), node)));
    return new Node.Mapping(Spot.START, entries);
  }

  private static Node scalar(Object value) {
    return new Node.Scalar(Spot.START, value, Offsets.NONE);
  }

  /** Whether a variable exists is for the flow to say that uses the step. */
  private static boolean isOfTheFlow(Problem problem) {
    return problem.code().equals(Code.UNKNOWN_VARIABLE.text());
  }
}
