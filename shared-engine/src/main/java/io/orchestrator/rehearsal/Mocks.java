package io.orchestrator.rehearsal;

import io.orchestrator.flow.FlowTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The answers of a test, handed out attempt by attempt. */
final class Mocks {
  private final List<FlowTest.Mock> mocks;
  private final Map<String, Integer> asked = new HashMap<>();

  Mocks(List<FlowTest.Mock> mocks) {
    this.mocks = mocks;
  }

  /** What a mock says to one more question of a step. */
  sealed interface Found {
    /** This. */
    record Said(FlowTest.Answer answer) implements Found {}

    /** Nothing: the list has been used up. */
    record UsedUp(int answers, int question) implements Found {}

    /** Nothing: the step has no mock. */
    record Unmocked() implements Found {}
  }

  /** The answer to the next question of a step at an instance path. */
  Found next(String id, String instance) {
    FlowTest.Mock mock = of(id, instance);
    if (mock == null) {
      return new Found.Unmocked();
    }
    int question = asked.merge(instance, 1, Integer::sum);
    if (!mock.each()) {
      return new Found.Said(mock.answers().getFirst());
    }
    return question <= mock.answers().size()
        ? new Found.Said(mock.answers().get(question - 1))
        : new Found.UsedUp(mock.answers().size(), question);
  }

  /** The mock that names the step most exactly; null without. */
  private FlowTest.Mock of(String id, String instance) {
    FlowTest.Mock found = null;
    for (FlowTest.Mock mock : mocks) {
      if (mock.step().text().equals(instance)) {
        return mock;
      }
      if (found == null && mock.step().names(id, instance)) {
        found = mock;
      }
    }
    return found;
  }
}
