package io.orchestrator.reference;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.List;
import java.util.Map;

/** What can be told of steps without doing them. */
final class Cases {
  private Cases() {}

  /** The number of the block of a switch that is done; the last one is the default. */
  static int fitting(Kind.Switch choice, Frame frame) {
    Object value = choice.value() == null ? null : choice.value().evaluate(frame.scope(Map.of()));
    String label = value instanceof String text ? text : Json.write(value);
    for (int i = 0; i < choice.cases().size(); i++) {
      Kind.Case one = choice.cases().get(i);
      boolean fits =
          choice.value() == null
              ? one.when().condition(frame.scope(Map.of()))
              : one.label().equals(label);
      if (fits) {
        return i;
      }
    }
    return choice.cases().size();
  }

  /**
   * What is stopped from outside while it holds a group with a {@code finally} ends later and
   * otherwise than the rest: of that the model says nothing.
   */
  static void mustNotHoldOpen(List<Step> block) {
    for (Step step : block) {
      if (step.kind() instanceof Kind.Group group && !group.atEnd().isEmpty()) {
        throw new Undetermined("how far " + step.path() + " had come");
      }
      step.kind().blocks().forEach(Cases::mustNotHoldOpen);
      step.common().onError().clauses().forEach(clause -> mustNotHoldOpen(clause.steps()));
    }
  }

  /** Whether there is a loop in a step. */
  static boolean holdsLoop(Step step) {
    return step.kind() instanceof Kind.Loop
        || step.kind().blocks().stream()
            .anyMatch(block -> block.stream().anyMatch(Cases::holdsLoop));
  }
}
