package io.orchestrator.rehearsal;

import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.InputSchema;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.util.List;
import java.util.function.Function;

/**
 * What a flow is rehearsed on.
 *
 * @param flow the text of the plan
 * @param input what an input must fit; null: anything does
 * @param definitions the adapters that there are; only sandboxes among them are called
 * @param flows gives the stage of another flow by its name; null for one that is not at hand
 */
public record Stage(
    String tenant,
    Flow flow,
    Plan plan,
    InputSchema input,
    Definitions definitions,
    Function<String, Stage> flows) {

  /** The same for a test: what it says to be stored is not mapped again. */
  Stage with(List<FlowTest.Mock> mocks) {
    List<String> stored =
        mocks.stream()
            .filter(mock -> mock.answers().stream().anyMatch(FlowTest.Answer::isOutput))
            .map(mock -> step(mock.step().plain()))
            .filter(step -> step != null)
            .map(Step::path)
            .toList();
    return stored.isEmpty()
        ? this
        : new Stage(tenant, flow, plan.withoutOutputs(stored), input, definitions, flows);
  }

  /** The same without other flows. */
  Stage alone() {
    return new Stage(tenant, flow, plan, input, definitions, name -> null);
  }

  private Step step(String name) {
    return plan.named(name) == null ? plan.at(name) : plan.named(name);
  }

  /** The stage of a flow whose text is valid. */
  public static Stage of(
      String tenant, Flow flow, Plan plan, Definitions definitions, Function<String, Stage> flows) {
    InputSchema input = flow.input() == null ? null : new InputSchema(flow.input());
    return new Stage(tenant, flow, plan, input, definitions, flows);
  }
}
