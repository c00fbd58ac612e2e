package io.orchestrator.catalog;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Compiled;
import io.orchestrator.flow.Compiler;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowReader;
import io.orchestrator.flow.FrozenNames;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Trigger;
import java.util.List;
import java.util.Map;

/**
 * A published version as this process uses it.
 *
 * @param input what an input must fit; null: anything does
 */
public record Published(Plan plan, InputSchema input, List<Trigger> triggers) {

  /**
   * Compiles a version from its text and what its names meant when it was published.
   *
   * @throws IllegalStateException if they do not belong together
   */
  static Published of(String source, Map<String, Object> bindings, String version) {
    Problems problems = new Problems();
    Document document = Document.read(source, problems);
    Flow flow = document == null ? null : FlowReader.read(document, problems);
    Compiled compiled =
        flow == null ? null : Compiler.compile(flow, new FrozenNames(bindings), version, problems);
    if (compiled == null) {
      throw new IllegalStateException(
          "the published version " + version + " cannot be compiled: " + problems.errors());
    }
    InputSchema input = flow.input() == null ? null : new InputSchema(flow.input());
    return new Published(compiled.plan(), input, flow.triggers());
  }

  /** Where an input does not fit. */
  List<Problem> misfits(Object value) {
    return input == null
        ? List.of()
        : input.misfits(value).stream()
            .map(
                misfit ->
                    new Problem("bad_input", "/input" + misfit.path(), 0, 0, misfit.message(), ""))
            .toList();
  }

  /** What is stored as the plan: names and what they mean; the rest is compiled from the text. */
  static String stored(Compiled compiled) {
    return Json.write(Map.of("bindings", compiled.bindings()));
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  static Map<String, Object> bindings(String stored) {
    return (Map<String, Object>) ((Map<?, ?>) Json.readStored(stored)).get("bindings");
  }
}
